#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What "cmake --install" makes has no path of this machine in it, and runs from wherever it
# is moved to, while neither our sources nor the build folder can be reached.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

build=$(cd "$(dirname "$URINGSIM")" && pwd)
! grep -q '^URINGSIM_COVERAGE:BOOL=ON' "$build/CMakeCache.txt" ||
	skip "what counts executed lines writes to the build folder"
[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"

try cmake --install "$build" --prefix "$tmp/first"
expect_status 0
# with a space, as names of folders have it
prefix="$tmp/moved here"
mv "$tmp/first" "$prefix"

# ---- what is there

# but for those that sanitizers put into reports
paths=("$root" "$build" "${URINGSIM_CACHE:-$build}" "$tmp/first")
! grep -q '^URINGSIM_SANITIZE:BOOL=ON' "$build/CMakeCache.txt" || paths=("$tmp/first")
for path in "${paths[@]}"; do
	try grep -rlaF "$path" "$prefix"
	[[ -z $out ]] || fail "$path should be in no file"
done
for path in bin/uringsim lib/uringsim/{place-map,uringsim.places,subjects/bufring.so} \
	lib/uringsim/subjects/SKIPPED share/uringsim/{tools/tree-subject,sim/fuse/known/linux-7.3} \
	share/uringsim/sim/sched/site.h share/bash-completion/completions/uringsim; do
	[[ -e $prefix/$path ]] || fail "$path should be installed"
done
# headers of ours that no subject is made from stay behind, as do what tests and builds leave
for path in share/uringsim/sim/{world,command,engine} share/uringsim/tools/subject/__pycache__; do
	[[ ! -e $prefix/$path ]] || fail "$path should not be installed"
done
try find "$prefix" -name '.*'
[[ -z $out ]] || fail "no hidden file should be installed"
if command -v help2man > /dev/null && [[ -e $build/man/made ]]; then
	for page in "" -subjects -explore -cache -export-reproducer; do
		[[ -s $prefix/share/man/man1/uringsim$page.1 ]] || fail "there is no page uringsim$page"
	done
	try grep -h '^.TH\|^.B uringsim' "$prefix/share/man/man1/uringsim-explore.1"
	expect_out '.TH URINGSIM-EXPLORE "1"'
	expect_out '.B uringsim explore'
fi

# ---- what it does, where nothing else of ours can be reached

export XDG_CACHE_HOME=$tmp/cache HOME=$tmp/home
unset URINGSIM_SUBJECTS URINGSIM_CACHE
cp -r "$prefix/share/uringsim/sim/kernel" "$tmp/mine"
cd "$tmp" || exit 1
alone=()
if unshare --mount true 2> /dev/null; then
	alone=(unshare --mount)
elif unshare --map-root-user --mount true 2> /dev/null; then
	alone=(unshare --map-root-user --mount)
fi
# hidden COMMAND...: run it with an empty folder in place of our sources and builds. Where
# that is not allowed, that no file has their paths has to do.
hidden() {
	local hide=("$root")

	[[ $build == "$root"/* ]] || hide+=("$build")
	if ((${#alone[@]})); then
		# shellcheck disable=SC2016 # the inner shell's
		try "${alone[@]}" bash -c 'dirs=() && while [[ $1 != -- ]]; do dirs+=("$1"); shift; done
			shift
			for dir in "${dirs[@]}"; do mount -t tmpfs none "$dir" || exit 99; done
			[[ ! -e ${dirs[0]}/tools ]] || exit 99
			exec "$@"' hidden "${hide[@]}" -- "$@"
	else
		try "$@"
	fi
}

installed=$prefix/bin/uringsim
hidden "$installed" --version
expect_status 0; [[ $out == "uringsim "*" ("*")" ]] || fail "it should say its commit"
hidden "$installed" run round-trip
expect_status 0; expect_out "round-trip on bufring: nothing found"; expect_quiet
hidden "$installed" explore register-race --executions 500
expect_status 0; expect_out "nothing found"; expect_quiet
hidden "$installed" subjects
expect_status 0; expect_out "$prefix/bin/../lib/uringsim/subjects/bufring.so"
# a report of the program's own code, by the map of it
hidden "$installed" explore --subject model deadlock-2 --executions 200 --schedules "$tmp/kept"
if [[ $status == 1 ]]; then expect_out "sim/model/mistakes.c:"; else fail "there is a deadlock"; fi

hidden "$installed" run --tree "$tmp/mine" round-trip
expect_status 0; expect_out "round-trip on tree:mine: nothing found"; expect_quiet
# places are named as in a tree and as in our sources; with hooks reports have them
try strings -a "$tmp"/cache/uringsim/trees/*.places
expect_out fs/fuse/dev_uring.c
[[ $out != *"$prefix"* && $out != *"$tmp"* ]] || fail "places should be relative"
try grep -laF "$prefix" "$tmp"/cache/uringsim/trees/*.so
[[ -z $out ]] || fail "the debugger should be told of our files by relative names"
hidden "$installed" cache
expect_status 0; expect_out "tree $tmp/mine"; expect_out "all of it is needed"

# as a user who may not write to it
if ((EUID == 0)) && command -v setpriv > /dev/null; then
	chmod 755 "$tmp"; mkdir -p "$tmp/theirs"; chown 65534 "$tmp/theirs"
	hidden setpriv --reuid 65534 --regid 65534 --clear-groups \
		env XDG_CACHE_HOME="$tmp/theirs" "$installed" run --tree "$tmp/mine" round-trip
	expect_status 0; expect_out "tree:mine: nothing found"; expect_quiet
fi

# without Python it says so
mkdir "$tmp/kept-python"
if ((${#alone[@]})); then
	# shellcheck disable=SC2016 # the inner shell's
	try "${alone[@]}" bash -c 'mount --bind "$1/kept-python" /usr/bin; shift; exec "$@"' \
		hidden "$tmp" "$installed" run --tree "$tmp/mine" round-trip
	expect_refusal "tools/tree-subject needs python3"
fi

# ---- gdb, with its commands, and sources by relative names

if command -v gdb > /dev/null; then
	hidden gdb -nx -batch -x "$prefix/share/uringsim/tools/gdb/uringsim.py" \
		-ex 'set breakpoint pending on' -ex 'break fuse_uring_cmd' -ex run -ex 'info source' -ex list \
		--args "$installed" run round-trip
	[[ $out$err != *Traceback* ]] || fail "gdb had a traceback"
	expect_out "Located in $prefix/share/uringsim/sim/kernel/fs/fuse/dev_uring.c"
fi

# ---- the completion

# complete_words WORD...: what may stand for the last
complete_words() {
	# shellcheck disable=SC2016 # the inner shell's
	try bash -c '. "$1"; shift; compopt() { :; }
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _uringsim; echo "${COMPREPLY[*]}"' \
		bash "$prefix/share/bash-completion/completions/uringsim" "$installed" "$@"
	expect_status 0; expect_quiet
}
complete_words exp; [[ $out == "explore export-reproducer" ]] || fail "wrong commands"
complete_words explore --strat; [[ $out == "--strategy=" ]] || fail "wrong options"
complete_words explore --strategy = r; [[ $out == "random" ]] || fail "wrong strategies"
complete_words explore -S p; [[ $out == "pct pos" ]] || fail "wrong strategies"
complete_words run --subject = bufring; [[ $out == "bufring"* ]] || fail "wrong subjects"
complete_words run -s linux-9; [[ -z $out ]] || fail "there is no such subject"
complete_words run register; [[ $out == "register-race"* ]] || fail "wrong scenarios"
complete_words scenarios --print regi; [[ $out == "register-race"* ]] || fail "wrong scenarios to print"
complete_words run --tree = "$tmp/mi"; [[ $out == "$tmp/mine" ]] || fail "wrong folders"
complete_words cache --; [[ $out == *"--clean"* ]] || fail "wrong options"
complete_words nonsense --; [[ -z $out ]] || fail "there is no such command"
finish
