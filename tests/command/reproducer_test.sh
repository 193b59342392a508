#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim export-reproducer: what it writes compiles without a warning and is the same
# each time; what it refuses leaves nothing behind. Whether the programs show what they
# are to show is for tests/kernel/reproduce.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
[[ -e $URINGSIM_SUBJECTS/linux-7.3.so ]] || skip "linux-7.3 is not built"

program=$root/sim/fuse/reproduce/program
strict=(-Wall -Wextra -Werror -O2 -pthread)

# compiles FILE ARGUMENT...: by every compiler that is here; a program that another
# schedule has given as well once
declare -A compiled
compiles() {
	local cc sum
	sum=$(sha256sum < "$1")
	[[ ! ${compiled[$sum]:-} ]] || return 0
	compiled[$sum]=1
	for cc in gcc clang; do
		command -v "$cc" > /dev/null || continue
		try "$cc" "${strict[@]}" "${@:2}" "$1" -o program
		expect_status 0; expect_quiet
	done
}

# find SCENARIO [ARGUMENT...]: set $schedule to the first failure of it
find_failure() {
	rm -rf found
	try "$URINGSIM" explore "$1" --subject linux-7.3 --schedules found --executions 200 \
		--suppress none --detect none "${@:2}"
	expect_status 1
	schedule=$(echo found/*.schedule)
	schedule=${schedule%% *}
}

# nothing_left: what was refused is not there, not even half of it
nothing_left() {
	[[ -z $(find . -name '*reproducer*' -o -name '*.tmp') ]] || fail "something is left behind"
}

# ---- the program without a schedule ----

compiles "$program/reproducer.c" -Wno-unused-function

# ---- the findings: each of them without exact timing ----

for scenario in exit-one-thread cancelled-buffer behind-a-buffer interrupt-reply abort-unfetched \
	refused-register; do
	find_failure "$scenario"
	try "$URINGSIM" export-reproducer "$schedule" -o "$scenario"
	expect_status 0; expect_quiet
	expect_out "program   $scenario/reproducer.c"
	[[ -x $scenario/boot.sh ]] || fail "boot.sh cannot be run"
	compiles "$scenario/reproducer.c"
	! grep -nE '^#include "|[^[:print:][:space:]]' "$scenario/reproducer.c" ||
		fail "not one file of plain text"
	try "$URINGSIM" export-reproducer "$schedule" -o again
	cmp -s "$scenario/reproducer.c" again/reproducer.c || fail "two exports should be the same"
	rm -rf again
done
grep -q '^#define WARNS_IN "dev_uring.c"' interrupt-reply/reproducer.c || fail "no WARN is wanted"
grep -q 'unique_xor = 0x1' interrupt-reply/reproducer.c || fail "the reply is not odd"
grep -q 'IORING_SETUP_DEFER_TASKRUN },' abort-unfetched/reproducer.c || fail "the ring is another one"
grep -q '^#define BUFFERS 1' behind-a-buffer/reproducer.c || fail "there is no pool"
! grep -q 'call_fsync' abort-unfetched/reproducer.c || fail "it has steps that it does not do"
grep -q '^version=7.3$' abort-unfetched/boot.sh || fail "boot.sh boots another kernel"

# on another subject: what it says and boots is that one
if [[ -e $URINGSIM_SUBJECTS/linux-7.2.so ]]; then
	find_failure exit-one-thread
	try "$URINGSIM" export-reproducer "$schedule" --subject linux-7.2 -o other
	expect_status 0; expect_quiet; expect_out "program   other/reproducer.c"
	compiles other/reproducer.c
	grep -q '^#define SIMULATED "linux-7.2' other/reproducer.c || fail "it was played on linux-7.2"
	grep -q '^version=7.2$' other/boot.sh || fail "boot.sh boots another kernel"
	rm -rf other
fi

# what has no name goes beside the schedule
try "$URINGSIM" export-reproducer "$schedule"
expect_status 0
[[ -s ${schedule%.schedule}-reproducer/reproducer.c ]] || fail "not where --help says"

# ---- the program and its script, where they cannot do their work ----

try abort-unfetched/boot.sh --help; expect_status 0; expect_out "Exit status: 0"
try abort-unfetched/boot.sh --what; expect_refusal "unknown option --what"
try abort-unfetched/boot.sh nowhere; expect_refusal "cannot read nowhere"
mkdir bin
for tool in bash dirname mktemp rm tail; do ln -s "$(command -v "$tool")" bin; done
touch image
try env PATH="$tmp/bin" abort-unfetched/boot.sh image
expect_status 77; expect_err "qemu-system-x86_64 is not installed"

# ---- refusals ----

rm -rf found/*-reproducer ./*/reproducer.c
rm -rf exit-one-thread cancelled-buffer behind-a-buffer interrupt-reply abort-unfetched refused-register
export_it=("$URINGSIM" export-reproducer)
try "${export_it[@]}"; expect_refusal "name the schedule to export"
try "${export_it[@]}" one two; expect_refusal "two is one schedule too many"
try "${export_it[@]}" nowhere.schedule; expect_refusal "nowhere.schedule"
head -c 900 "$schedule" > cut.schedule
try "${export_it[@]}" cut.schedule; expect_refusal "cut.schedule"
try "${export_it[@]}" "$schedule" -o /dev/null/x; expect_refusal "cannot write /dev/null/x"
try "${export_it[@]}" "$schedule" -o nowhere/x; expect_refusal "cannot write nowhere/x"
full() { (trap '' XFSZ; ulimit -f 8; "$@"); }
try full "${export_it[@]}" "$schedule" -o x; expect_status 2; expect_err "File too large"
mkdir there
try "${export_it[@]}" "$schedule" -o there; expect_refusal "there is there already"
[[ -z $(ls -A there) ]] || fail "something was written into a folder that was there"
nothing_left

# expect_no TEXT: it cannot be exported; one line says why
expect_no() {
	expect_status 1
	expect_err "$1"
	[[ $(wc -l < "$tmp/err") == 1 ]] || fail "one line is enough"
	nothing_left
}

try "$URINGSIM" explore --subject model lost-update-2 --executions 200 --schedules model
try "${export_it[@]}" model/*.schedule; expect_no "a model is no kernel"

# ---- what needs exact timing, or does not show: mistakes in our own fs/fuse ----

# what the mistake is not in is there already, unless it has counters or a sanitizer
bufring=$(dirname "$URINGSIM_SUBJECTS")/subject-work/bufring reuse=()
objects=("$bufring"/obj/*.o)
[[ ! -e ${objects[0]} ]] || nm "${objects[@]}" | grep -qE '__(asan|gcov)_' || reuse=(--reuse "$bufring")

# played NAME SCENARIO [EXECUTIONS]: have failures of it, with work/overlay, in work
played() {
	local file overlays=()
	mkdir -p work/subjects
	for file in work/overlay/*; do overlays+=(--overlay "$file"); done
	try "$root/tools/build-subject" --tree "$root/sim/kernel" --name "$1" --cflags -O0 \
		--cc "${CC:-gcc}" --out "work/subjects/$1.so" "${overlays[@]}" "${reuse[@]}"
	expect_status 0; expect_quiet
	export URINGSIM_SUBJECTS=$tmp/work/subjects
	try "$URINGSIM" explore "$2" --subject "$1" --detect heap,user --executions "${3:-100}" \
		--schedules work
	expect_status 1
}

# mutant NAME SCENARIO [EXECUTIONS]: the same, with that mistake
mutant() {
	local patch=$root/tests/mutant/$1.patch file
	rm -rf work
	mkdir -p work/overlay
	while read -r file; do
		cp "$root/sim/kernel/fs/fuse/$file" work/overlay/
	done < <(sed -n 's,^--- a/,,p' "$patch")
	patch --quiet --strip=1 --directory=work/overlay < "$patch"
	played "$@"
}

command -v patch > /dev/null || skip "what the mutants show: patch is not installed"

mutant install-without-looking register-race
for schedule in work/*-accounting-*.schedule; do
	try "${export_it[@]}" "$schedule"
	expect_no "needs exact timing: switch 1 of "
	# to server-b, or to another one that makes way for it
	expect_err "that it needs, from server-a to "
done
mutant uninitialised-ent-info headers
for schedule in work/*-accounting-*.schedule; do
	try "${export_it[@]}" "$schedule"; expect_no "it does not show in what calls return"
	break
done
mutant entry-on-no-list commit-aborted 10
for schedule in work/*.schedule; do
	try "${export_it[@]}" "$schedule" -o made
	case $schedule in
	*-heap-*) expect_no "a failure of the kind heap cannot be seen from outside" ;;
	*) expect_status 0; compiles made/reproducer.c; rm -rf made ;;
	esac
done
rm -rf work
mkdir -p work/overlay
sed '/^void fuse_uring_destruct(/,/^}/s,^}$,\tWARN_ON_ONCE(fch);\n},' \
	"$root/sim/kernel/fs/fuse/dev_uring.c" > work/overlay/dev_uring.c
played warns-at-the-end commit-aborted 10
for schedule in work/*.schedule; do
	try "${export_it[@]}" "$schedule" -o made
	expect_no "it shows only when the server ends"
done
mutant error-range-off-by-one reply-refused
for schedule in work/*.schedule; do
	try "${export_it[@]}" "$schedule" -o made; expect_status 0; compiles made/reproducer.c
	grep -q 'error = -512' made/reproducer.c || fail "the answer has another error"
	rm -rf made
done
mutant unknown-flags-accepted bufring-refused
for schedule in work/*.schedule; do
	try "${export_it[@]}" "$schedule"; expect_no "no program can have its buffer rings"
	break
done
finish
