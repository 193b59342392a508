#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --tree REPO@REV: read through git, nothing checked out; what is compiled is a subject.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

command -v git > /dev/null || skip "there is no git"
export URINGSIM_CACHE=$tmp/cache GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
cd "$tmp" || exit 1
# shellcheck source=tests/command/history_lib.sh
. "$root/tests/command/history_lib.sh"
new_repository mine "$root/sim/kernel"
run() { try "$URINGSIM" run -q round-trip --tree "$1"; }
revisions() { find cache/revisions -mindepth 1 -maxdepth 1 | wc -l; }
subjects() { find cache/trees -name '*.so' | wc -l; }

# ---- a bare one; nothing is checked out, the index is not touched
git clone -q --bare mine bare.git
run bare.git@master; expect_status 0; expect_quiet
try "$URINGSIM" run round-trip --tree bare.git@HEAD; expect_out "tree:bare, tree $tmp/bare.git@$(git -C mine rev-parse HEAD), files "
before=$(find mine -type f -exec stat -c '%n %i %y' {} + | sort)
run mine@HEAD; expect_status 0
[[ $(find mine -type f -exec stat -c '%n %i %y' {} + | sort) == "$before" ]] || fail "a file of the repository was touched"
[[ $(revisions) == 1 ]] || fail "the same content is one revision, of two repositories"

# ---- neighbours that change nothing of what is compiled are one subject
count=$(subjects)
echo "int other;" >> mine/fs/fuse/dir.c
echo text > mine/README
commit mine "not compiled"
run mine@HEAD; expect_status 0
[[ $(subjects) == "$count" && $(revisions) == 1 ]] || fail "dir.c is not compiled"
change mine compiled
run mine@HEAD; expect_status 0
[[ $(subjects) == $((count + 1)) && $(revisions) == 2 ]] || fail "dev_uring.c is compiled"
run mine@HEAD~2; expect_status 0
[[ $(subjects) == $((count + 1)) ]] || fail "an earlier revision should be found"
# a known one starts at once; CPU time, as the machine may be busy
cpu=$( { TIMEFORMAT=%U; time "$URINGSIM" run -q round-trip --tree mine@HEAD > /dev/null; } 2>&1)
awk -v cpu="$cpu" 'BEGIN { exit cpu >= 0.4 }' || fail "the start of a known revision took $cpu s"

# ---- what is none
run mine@nonsense; expect_refusal "mine has no revision nonsense"
run "mine@HEAD:fs"; expect_refusal "mine has no revision HEAD:fs"
mkdir none
run none@HEAD; expect_refusal "none is not a git repository that can be read"
run nowhere@HEAD; expect_refusal "there is no tree nowhere@HEAD"
new_repository empty /dev/null
run empty@HEAD; expect_refusal "empty@HEAD is not a Linux tree" 5
mkdir "at@sign"; cp -r "$root/sim/kernel/." "at@sign"
run "at@sign"; expect_status 0

# ---- a clone that is dirty is said
try "$URINGSIM" run round-trip --tree mine; expect_out "at $(git -C mine rev-parse --short=12 HEAD)"
[[ $out != *changed* ]] || fail "nothing is changed"
echo "/* dirty */" >> mine/fs/fuse/dev_uring.c
try "$URINGSIM" run round-trip --tree mine; expect_out "but fs/fuse/dev_uring.c is changed"
git -C mine checkout -q -- .

# ---- a schedule replays, also after the branch moved
break_tree mine; commit mine broken
try "$URINGSIM" explore exit-one-thread --tree mine@master --executions 400 --schedules s
expect_status 1
schedule=$(find s -name '*.schedule' | head -n 1)
grep -qx "tree $tmp/mine@$(git -C mine rev-parse HEAD)" "$schedule" || fail "the schedule should have the commit"
git -C mine revert -n HEAD; commit mine mended
try "$URINGSIM" replay "$schedule"; expect_status 1; expect_out "came again"
(cd / && "$URINGSIM" replay "$tmp/$schedule") > /dev/null; status=$?; tried="replay elsewhere"; expect_status 1
try "$URINGSIM" replay "$schedule" --tree mine@master; [[ $status != 1 ]] || fail "it is mended at the branch's end"

# ---- the cache
try "$URINGSIM" cache; expect_out "revision $tmp/mine@"
[[ $out != *"not needed"*revision* ]] || fail "all of it is needed"
rm -rf mine bare.git
try "$URINGSIM" cache; expect_out "not needed: its repository is gone"
try "$URINGSIM" cache --clean; expect_status 0
[[ $(revisions) == 0 ]] || fail "nobody needs a revision now"
finish
