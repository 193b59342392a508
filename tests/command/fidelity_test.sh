#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim fidelity: a guest that answers as the simulator does is the same, one that
# does not is a difference, unless a reason is given. The guest is made up.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

first_subject
: > "$tmp/none"
printf '# subject %s\n    # Subtest: round-trip\n    ok 1 no such check\n' "$subject" > "$tmp/ktap"
try "$URINGSIM" fidelity "$tmp/ktap" --json "$tmp/rows.json"
expect_status 1
expect_out "DIFFERS"
expect_quiet

# a guest made of what the simulator says
python3 - "$tmp/rows.json" "$subject" > "$tmp/same" <<'END' || fail "the JSON is not as promised"
import json, sys
print("# subject", sys.argv[2])
scenario = None
for row in json.load(open(sys.argv[1])):
    assert set(row) == {"subject", "scenario", "check", "simulated", "real", "verdict", "reason"}
    if row["check"] == "no such check":
        continue
    if row["scenario"] != scenario:
        scenario = row["scenario"]
        print("    # Subtest:", scenario)
    # what stock kernels are known to fail in fails in the simulator, too
    known = row["reason"] and "findings.md" in row["reason"]
    assert row["simulated"] == "holds" or known, row
    skip = " # SKIP not visible from outside" if "ring." in row["check"] else ""
    answer = "ok" if row["simulated"] == "holds" else "not ok"
    print(f"    {answer} 1 {row['check']}{skip}")
END
try "$URINGSIM" fidelity "$tmp/same" --page "$tmp/page.md"
expect_status 0
expect_out " 0 different with a reason, 0 without"
expect_out "not visible"
grep -q '^## '"$subject" "$tmp/page.md" || fail "the page does not speak of $subject"
(($(grep -c '| same |' "$tmp/page.md") >= 60)) || fail "there should be at least 60 checks"

# one answer is another: named, and the status tells
sed 's/ok 1 did.fsync/not ok 1 did.fsync/' "$tmp/same" > "$tmp/other"
try "$URINGSIM" fidelity "$tmp/other"
expect_status 1
expect_out " 0 different with a reason, 1 without"
[[ $(grep -a DIFFERS <<< "$out") == *"round-trip"*"holds"*"fails"*"did.fsync"* ]] ||
	fail "the difference is not named"

# with a reason it is explained
printf '# a remark\n%s\n\tthe disk\n\tis on holiday\n' \
	"* round-trip did.fsync->done && did.fsync->ret == 0" > "$tmp/reasons"
try "$URINGSIM" fidelity "$tmp/other" --reasons "$tmp/reasons"
expect_status 0
expect_out " 1 different with a reason, 0 without"
expect_out "the disk is on holiday"

# a check that the guest did not make is a difference as well
sed '/did.fsync/d' "$tmp/same" > "$tmp/less"
try "$URINGSIM" fidelity "$tmp/less"
expect_status 1
expect_out "not made"

try "$URINGSIM" fidelity "$tmp/none"
expect_refusal "names no subject"
try "$URINGSIM" fidelity "$tmp/missing"
expect_refusal "cannot read"
echo "* a b" > "$tmp/reasons"
try "$URINGSIM" fidelity "$tmp/same" --reasons "$tmp/reasons"
expect_refusal "gives no reason for"
try "$URINGSIM" fidelity "$tmp/same" --subject linux-7.3
expect_refusal "--subject is for booting"
finish
