#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim check: each commit of a series; uringsim bisect: the first bad one.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/command/history_lib.sh
. "$root/tests/command/history_lib.sh"

command -v git > /dev/null || skip "there is no git"
export URINGSIM_CACHE=$tmp/cache GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
cd "$tmp" || exit 1
check() { try "$URINGSIM" check "$1" --tree repo --scenario abort --executions 200 "${@:2}"; }
bisect() { try "$URINGSIM" bisect "$1" "$2" "$3" --tree repo --executions 200 "${@:4}"; }
name() { git -C repo rev-parse "$1"; }
short() { git -C repo rev-parse --short=12 "$1"; }

# c1 .. c8: c3 does not compile, c4 mends that, c5 has the mistake, c7 is not compiled
new_repository repo "$root/sim/kernel"
git -C repo tag base
for n in 1 2 3 4 5 6 7 8; do
	case $n in
	3) echo "int f(void) { return nobody_has_this(1); }" >> repo/fs/fuse/dev_uring.c ;;
	4) sed -i '/nobody_has_this/d' repo/fs/fuse/dev_uring.c; echo "/* c4 */" >> repo/fs/fuse/dev_uring.c ;;
	5) break_tree repo ;;
	7) echo "int other;" > repo/fs/fuse/inode.c ;;
	*) echo "/* c$n */" >> repo/fs/fuse/dev_uring.c ;;
	esac
	commit repo "change $n"
	git -C repo tag "c$n"
done

# ---- wrong usage
try "$URINGSIM" check; expect_refusal "name the commits: BASE..HEAD"
check base; expect_refusal "check takes BASE..HEAD, not base"
check nonsense..c2; expect_refusal "repo has no revision nonsense"
try "$URINGSIM" check a..b --tree none; expect_refusal "none is not a git repository"
check base..c2 --page none/there; expect_refusal "cannot write none/there"
try "$URINGSIM" bisect base c8; expect_refusal "name GOOD, BAD, and a schedule or a scenario"
bisect base c8 abrt; expect_refusal "no scenario abrt; did you mean abort"
echo text > no.schedule
bisect base c8 no.schedule; expect_refusal "no.schedule is no schedule"
bisect c8 c8 abort; expect_refusal "no commit between these"

# ---- check
check base..c8 --json k.json --junit k.xml --page k.md --schedules s
expect_status 1
[[ $(grep -c "change [0-9]$" <<< "$out") == 7 ]] || fail "change 7 is not compiled: seven rows"
grep -qE "^$(short c2)  yes +0 +0 +0  change 2$" <<< "$out" || fail "nothing is new in change 2"
grep -qE "^$(short c3)  no +change 3$" <<< "$out" || fail "change 3 does not build"
expect_out "does not build: "
grep -qE "^$(short c4)  yes +\? +\? +\?  change 4$" <<< "$out" || fail "nobody can tell what is new in change 4"
grep -qE "^$(short c5)  yes +[1-9][0-9]* +0 +0  change 5$" <<< "$out" || fail "it is new in change 5"
grep -qE "^$(short c8)  yes +0 +0 +0  change 8$" <<< "$out" || fail "it is not new in change 8"
expect_out "total     7 commits: 1 with something new, 0 with a fix, 1 that do not build"
python3 - k.json <<'PY' || fail "k.json is not what it should be"
import json, sys
rows = json.load(open(sys.argv[1]))
assert [row["builds"] for row in rows] == [True, True, False, True, True, True, True]
assert [row["new"] > 0 for row in rows] == [False] * 4 + [True] + [False] * 2
PY
python3 -c 'import xml.dom.minidom as m; assert m.parse("k.xml").getElementsByTagName("failure")' || fail "k.xml has no failure"
grep -q "^| $(short c5) | yes | " k.md || fail "k.md should have the table"
first=$out
# once more: nothing is built or searched
before=$(find cache -type f -exec stat -c '%n %i %y' {} + | sort)
check base..c8 --schedules s
[[ $out == "$first" ]] || fail "a second run should say the same"
[[ $(find cache -type f -exec stat -c '%n %i %y' {} + | sort) == "$before" ]] || fail "a second run should find all in the cache"
check base..c8 --first --schedules s; expect_status 1
expect_out "; 2 not looked at"
check c5..c8; expect_status 0
check c1..c4; expect_status 5
git -C repo revert -n c5; commit repo mended
check c8..HEAD; expect_status 0; expect_out "1 with a fix"
# what was done when it was interrupted is said, and written
"$URINGSIM" check base..c8 --tree repo --scenario abort --executions 20000000 --json i.json > out 2> err &
catches $! TERM; sleep 2; kill -TERM $!; wait $!; status=$? tried="check, interrupted" out=$(< out) err=$(< err)
expect_status 4; expect_out "not looked at"; expect_err "interrupted"
[[ -s i.json ]] || fail "i.json should be there"

# ---- bisect
bisect base c8 abort --json b.json --schedules s; expect_status 0
expect_out "first     $(name c5)  change 5"
grep -q '"builds": [1-4],' b.json || fail "four builds are enough"
schedule=s/first-bad-$(short c5).schedule
grep -q "^tree $tmp/repo@$(name c5)$" "$schedule" || fail "the schedule should be of change 5"
try "$URINGSIM" replay "$schedule"; expect_status 1
bisect base c8 "$schedule" --schedules s; expect_status 0; expect_out "first     $(name c5)"
bisect base c4 "$schedule"; expect_refusal "c4 does not fail"
bisect c5 c8 "$schedule"; expect_refusal "c5 fails, too"
bisect base c3 "$schedule"; expect_status 5
# the first bad one does not build
git -C repo checkout -q -b other c2
break_tree repo; echo "int f(void) { return nobody_has_this(1); }" >> repo/fs/fuse/dev_uring.c
commit repo "bad, and does not build"; git -C repo tag d1
sed -i '/nobody_has_this/d' repo/fs/fuse/dev_uring.c; commit repo builds
bisect base HEAD "$schedule"; expect_status 1
expect_out "skipped   $(short d1)"; expect_out "$(name d1)  bad, and does not build"; expect_out "$(name HEAD)  builds"
# in a history with a merge
git -C repo checkout -q -b side base
for n in 1 2; do echo "/* side $n */" >> repo/fs/fuse/req.c; commit repo "side $n"; done
git -C repo -c user.name=t -c user.email=t@localhost merge -q --no-edit c8 > /dev/null
bisect base HEAD "$schedule"; expect_status 0; expect_out "first     $(name c5)"
finish
