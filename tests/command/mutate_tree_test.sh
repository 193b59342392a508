#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/mutate-tree, on our own tree: mutants are the same for a seed, they are built and
# played, and a simulator that fails at one of them, or never ends, is noticed.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -f $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"
build=$(dirname "$URINGSIM")

# mutants BUILD ARGUMENT...
mutants() {
	local from=$1
	shift
	try "$root/tools/mutate-tree" "$root/sim/kernel" --name bufring --files dev_uring.c \
		--build "$from" --work "$tmp/work" --cc "${CC:-gcc}" --json "$tmp/told.json" "$@"
}

# ---- which ----

mutants "$build" --list --sample 40
expect_status 0
first=$out
[[ $(wc -l <<< "$first") == 40 ]] || fail "forty mutants were asked for"
[[ $(cut -d ' ' -f 2- <<< "$first" | sort -u | wc -l) == 40 ]] || fail "each of them is another one"
mutants "$build" --list --sample 40
[[ $out == "$first" ]] || fail "the seed is the same"
mutants "$build" --list --sample 40 --seed 2
[[ $out != "$first" ]] || fail "the seed is another"
mutants "$build" --list --sample 40 --only 3,7
[[ $out == "$(sed -n '4p;8p' <<< "$first")" ]] || fail "numbers are those of the sample"
[[ ! -e $tmp/work ]] || fail "a list builds nothing"

# ---- a simulator that is told what to do ----

# What it does is in a file for each mutant: json of the failures, and its status.
mkdir "$tmp/fake" "$tmp/does"
ln -s "$build/place-map" "$build/subject-work" "$tmp/fake"
cat > "$tmp/fake/uringsim" <<'F'
#!/bin/bash
command=$1 failures='' status=0
while (($#)); do
	case $1 in
	--subject) subject=$2 ;;
	--json) json=$2 ;;
	esac
	shift
done
[[ -f $URINGSIM_SUBJECTS/hooked/$subject.so ]] || exit 2
[[ $command == explore ]] || exit 0
# shellcheck source=/dev/null
. "$DOES/${subject%@*}"
echo "[{ \"failures\": [$failures] }]" > "$json"
exit "$status"
F
chmod +x "$tmp/fake/uringsim"
export DOES=$tmp/does

# does MUTANT WHAT
does() { echo "$2" > "$tmp/does/$1"; }
known='{ "kind": "race", "group": "race of the tree" }'
new='{ "kind": "heap", "group": "use after free" }'

# was NR STATE KINDS
was() {
	python3 - "$tmp/told.json" "$@" <<'P' || fail "mutant $1 should be: $2"
import json, sys
path, nr, state, kinds = sys.argv[1:]
told = [(t["state"], ",".join(t["kinds"])) for t in json.load(open(path)) if t["nr"] == int(nr)]
sys.exit(told != [(state, kinds)])
P
}

# some that compile, whatever else they are
mapfile -t compile < <(sed -n 's/^\([0-9]*\) [^ ]* condition negated: .*/\1/p' <<< "$first")
((${#compile[@]} >= 4)) || fail "another seed is needed"
a=${compile[0]} b=${compile[1]} c=${compile[2]} d=${compile[3]}

does twin "failures='$known' status=1"
does "mutant-$a" "failures='$known, $new' status=1"
does "mutant-$b" "failures='$known' status=1"
does "mutant-$c" "failures='' status=4"
mutants "$tmp/fake" --sample 40 --only "$a,$b,$c"
expect_status 0
was "$a" found heap
was "$b" "not found" ""
was "$c" "not found" ""
expect_out "3 mutants, 3 compile: 1 found, 2 not, 0 crashes, 0 hangs"
[[ -z $(ls -d "$tmp"/work/[0-9]* 2> /dev/null) ]] || fail "what is built of them is removed"

# what is known of some is not looked at again
does "mutant-$a" "status=3"
does "mutant-$d" "failures='' status=0"
mutants "$tmp/fake" --sample 40 --only "$a,$b,$c,$d" --go-on
expect_status 0
was "$a" found heap
was "$d" "not found" ""
expect_out "4 mutants, 4 compile: 1 found, 3 not, 0 crashes, 0 hangs"

does "mutant-$a" "failures='$new' status=3"
does "mutant-$b" "while :; do :; done"
does "mutant-$c" "kill -SEGV \$\$"
mutants "$tmp/fake" --sample 40 --only "$a,$b,$c" --kill 1
expect_status 1
was "$a" crash heap
was "$b" hang ""
was "$c" crash ""
expect_out "3 mutants, 3 compile: 0 found, 0 not, 2 crashes, 1 hangs"
[[ -f $tmp/work/$b/explore.log && -f $tmp/work/$a/hooked/mutant-$a@bufring.so ]] ||
	fail "what is needed to look into it is kept"

does "mutant-$a" "sleep 60"
mutants "$tmp/fake" --sample 40 --only "$a" --kill 1 --wall 1
expect_status 1
was "$a" hang ""

# ---- interrupted ----

# is_gone PROCESS: within ten seconds
is_gone() {
	for _ in {1..100}; do
		kill -0 "$1" 2> /dev/null || return 0
		sleep 0.1
	done
	return 1
}

# One is played, one is being played, one waits. What is started by a shell that is no
# terminal's ignores SIGINT.
does "mutant-$a" "failures='$new' status=1"
does "mutant-$b" "sleep 300 & echo \$\$ \$! > '$tmp/playing'; wait"
does "mutant-$c" "failures='' status=0"
rm -rf "$tmp/work" "$tmp/told.json"
"$root/tools/mutate-tree" "$root/sim/kernel" --name bufring --files dev_uring.c \
	--build "$tmp/fake" --work "$tmp/work" --cc "${CC:-gcc}" --json "$tmp/told.json" \
	--sample 40 --only "$a,$b,$c" > "$tmp/out" 2> "$tmp/err" &
tried="mutate-tree, SIGINT"
for _ in {1..600}; do
	[[ ! -s $tmp/playing ]] || break
	sleep 0.1
done
kill -INT $!
wait $!
status=$?
out=$(< "$tmp/out") err=$(< "$tmp/err")
expect_status 130
expect_err "interrupted"
was "$a" found heap
expect_out "1 mutants, 1 compile: 1 found, 0 not, 0 crashes, 0 hangs"
[[ -s $tmp/playing ]] || fail "it has not come to the second one"
for process in $(< "$tmp/playing"); do
	is_gone "$process" || fail "what it has started goes on"
done
[[ ! -e $tmp/work/$c ]] || fail "another one was begun"
mutants "$tmp/fake" --sample 40 --only "$a,$c" --go-on
expect_status 0
expect_out "2 mutants, 2 compile: 1 found, 1 not, 0 crashes, 0 hangs"

# a tree that cannot be played as it is, or not built, says nothing of its mutants
does twin "status=3"
mutants "$tmp/fake" --sample 40 --only "$a"
expect_status 2
expect_err "the tree as it is cannot be played"
mkdir -p "$tmp/broken/fs/fuse"
printf 'void f(void)\n{\n\tif (1)\n\t\treturn 1;\n' > "$tmp/broken/fs/fuse/dev_uring.c"
try "$root/tools/mutate-tree" "$tmp/broken" --name bufring --files dev_uring.c \
	--build "$tmp/fake" --work "$tmp/work"
expect_refusal "the tree does not build"
try "$root/tools/mutate-tree" "$tmp"
expect_refusal "dev_uring.c"

# ---- the real one ----

mutants "$build" --sample 40 --only "$a" --explore "--executions 10 --first"
expect_status 0
expect_out "1 mutants, 1 compile"
finish
