#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim compare: what is new and what is fixed; --baseline: only what is new fails.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/command/history_lib.sh
. "$root/tests/command/history_lib.sh"

real_cache=${URINGSIM_CACHE:-}
export URINGSIM_CACHE=$tmp/cache
cd "$tmp" || exit 1
some=(--scenario exit-one-thread --scenario abort)
compare() { try "$URINGSIM" compare "$@" "${some[@]}" --executions 300; }

# ---- wrong usage
try "$URINGSIM" compare one; expect_refusal "name two to compare"
try "$URINGSIM" compare one two --json none/there; expect_refusal "cannot write none/there"
try "$URINGSIM" compare bufing bufring; expect_refusal "no subject bufing; did you mean bufring"
# ... before the first is searched, which takes longer than this test may
try timeout 10 "$URINGSIM" compare bufring bufing --executions 1000000; expect_refusal "no subject bufing; did you mean bufring"
try "$URINGSIM" compare bufring bufring --scenario abrt; expect_refusal "no scenario abrt; did you mean abort"
try "$URINGSIM" compare bufring bufring --strategy clever; expect_refusal "no strategy clever"
echo '[{}]' > no.json
try "$URINGSIM" compare no.json bufring; expect_refusal "no.json is not the JSON of a result"
mkdir empty
try "$URINGSIM" compare bufring empty; expect_status 5; expect_out "empty is not a Linux tree"

# ---- trees: a lock that is given back too early
cp -r "$root/sim/kernel" good
cp -r good bad
break_tree bad
compare good bad --json c.json --junit c.xml --page c.md --schedules s
expect_status 1
[[ $out == "new       "* ]] || fail "what is new comes first"
[[ $(tail -n 1 <<< "$out") =~ ^"fixed: 0, new: "[1-9][0-9]*", unchanged: 0, cannot tell: 0"$ ]] || fail "the last line has the counts"
schedule=$(sed -n '/^new/,$s/^ *\(s\/.*\.schedule\)$/\1/p' <<< "$out" | head -n 1)
[[ -s $schedule ]] || fail "the schedule should be there"
try "$URINGSIM" replay "$schedule"; expect_status 1
python3 - c.json <<'PY' || fail "c.json is not what it should be"
import json, sys
(one,) = json.load(open(sys.argv[1]))
assert one["new"] and not one["fixed"] and one["before"]["built"] and one["after"]["tree"].endswith("/bad")
assert {cell["state"] for cell in one["groups"]} == {"new"} and all(cell["schedule"] for cell in one["groups"])
assert {cell["scenario"] for cell in one["groups"]} <= {"exit-one-thread", "abort"}
PY
python3 -c 'import sys, xml.dom.minidom as m; sys.exit(not m.parse("c.xml").getElementsByTagName("failure"))' || fail "c.xml has no failure"
grep -q '^| new | ' c.md || fail "c.md should have it"
compare bad good; expect_status 0; expect_out "fixed     "; expect_out "new: 0, unchanged: 0, cannot tell: 0"
compare bad bad; expect_status 0; expect_out "fixed: 0, new: 0, unchanged: "
[[ $out != *"unchanged: 0"* ]] || fail "the same fails"
compare good bad good; expect_status 1; expect_out "bad: new "; expect_out "good: fixed: 0, new: 0, unchanged: 0, cannot tell: 0"

# ---- a tree that does not build
cp -r good broken; echo "int f(void) { return nobody_has_this(1); }" >> broken/fs/fuse/dev_uring.c
compare good broken; expect_status 5; expect_out "broken does not build: "; expect_out "nobody_has_this"

# ---- saved results
explore() { try "$URINGSIM" explore exit-one-thread abort --tree "$1" --schedules s "${@:2}"; }
explore good --executions 300 --json good.json; expect_status 0
explore bad --executions 300 --json bad.json; expect_status 1
compare good.json bad.json; expect_status 1; expect_out "new       "
compare bad.json good.json; expect_status 0; expect_out "fixed     "
compare bad.json good; expect_status 0; expect_out "fixed     "
# a search that ended before it could have come says nothing
explore good --executions 1 --json short.json; expect_status 0
compare bad.json short.json; expect_status 0; expect_out "untold "; expect_out "was cut"
expect_out "fixed: 0, new: 0"
# nor does one that did not play the scenario
try "$URINGSIM" explore abort --tree good --executions 300 --json part.json
compare bad.json part.json; expect_out "part.json does not play exit-one-thread"
# what was not found, but comes by its schedule, is not fixed
python3 - <<'PY'
import json
found = json.load(open("bad.json"))
for each in found:
    each["failures"] = []
json.dump(found, open("unlucky.json", "w"))
PY
compare bad.json unlucky.json; expect_status 0; expect_out "fixed: 0, new: 0, unchanged: "
# the tree that it is of is another one now: it cannot be tried
mv good away; cp -r bad good
compare bad.json good.json; expect_out "is not there any more, or is another now"; expect_out "fixed: 0, new: 0"
rm -r good; mv away good

# ---- --baseline
explore bad --executions 300 --baseline bad.json --json again.json
expect_status 0; expect_out "that bad.json has"; expect_out "0 failed"
python3 -c 'import json; r = json.load(open("again.json")); assert not any(x["failures"] for x in r) and any("bad.json" in s["file"] for x in r for s in x["suppressed"])' || fail "again.json: it is known"
explore bad --executions 300 --baseline good.json; expect_status 1
python3 - <<'PY'
import json
found = json.load(open("bad.json"))
rest = next(each for each in found if each["failures"])
rest["failures"] = rest["failures"][:1]
json.dump([rest], open("one.json", "w"))
PY
explore bad --executions 300 --first --baseline one.json; expect_status 1
try "$URINGSIM" fuzz --tree bad --runs 60 --json f.json --schedules s; expect_status 1
try "$URINGSIM" fuzz --tree bad --runs 60 --baseline f.json --schedules s
[[ $out == *"that f.json has"* ]] || fail "what is in f.json is known"
explore bad --baseline none.json; expect_refusal "cannot read none.json"
explore bad --baseline "$schedule"; expect_refusal "is not the JSON of a result"
explore bad --baseline no.json; expect_refusal "is not the JSON of a result"

# ---- finding 1 of Linux 7.3, and its fix
URINGSIM_CACHE=$real_cache kernel_tree 7.3
cp -r "$tree" stock
cp -r stock fixed
python3 - fixed/fs/fuse/dev_uring.c <<'PY'
import sys
text = open(sys.argv[1], encoding="utf-8").read()
was = "\tent->cmd = cmd;\n\tfuse_uring_ent_avail(ent, queue);\n\tspin_unlock(&queue->lock);\n"
now = ("\tent->cmd = cmd;\n\tspin_unlock(&queue->lock);\n\n"
       "\tif (fuse_uring_get_next_fuse_req(ent, queue, issue_flags))\n"
       "\t\tfuse_uring_send(ent, cmd, 0, issue_flags);\n")
assert text.count(was) == 1
open(sys.argv[1], "w", encoding="utf-8").write(text.replace(was, now))
PY
some=(--scenario exit-one-thread --scenario register-again --scenario sqpoll-closed --scenario init-late --scenario round-trip)
try "$URINGSIM" compare stock fixed "${some[@]}" --budget quick
expect_status 0
expect_out "known: finding 1: REGISTER"
expect_out "fixed: 1, new: 0, unchanged: "
expect_out ", cannot tell: 0"
finish
