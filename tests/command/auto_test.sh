#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# explore without an option chooses by itself: --strategy auto, within a --budget.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
model=("$URINGSIM" explore --subject model --detect none)

# ---- wrong usage
try "${model[@]}" ring-2 --budget plenty; expect_refusal "--budget takes quick, normal or thorough, not plenty"
try "${model[@]}" ring-2 --budget quick --strategy random; expect_refusal "--budget is for --strategy auto"
for option in --executions --points --preemptions --depth --timers --faults; do
	value=1
	[[ $option != --points ]] || value=marked
	try "${model[@]}" ring-2 --strategy auto $option $value
	expect_refusal "--strategy auto decides about $option itself"
	try "${model[@]}" ring-2 --budget quick $option $value
	expect_refusal "--strategy auto decides about $option itself"
done

# ---- when it is the default
automatic() {
	try "${model[@]}" ring-2 "$@"
	expect_status 0
	expect_out "options   --strategy auto --budget"
}
automatic
automatic --seed 4 --jobs 2
automatic --seconds 100 --strategy auto
automatic --seconds-each 100 --budget quick
for option in "--executions 20" "--points marked --executions 20" "--seconds 1"; do
	# shellcheck disable=SC2086  # an option and its value
	try "${model[@]}" ring-2 $option
	expect_status 0
	expect_out "options   --strategy random"
done

# ---- what it finds, whatever makes the executions; what is left can be played again
same() { python3 - "$@" <<'PY' || fail "$1 and $2 are not the same"; }
import json, sys
def read(path):
    return [(r["scenario"], r["strategy"], r["budget"], r["executions"], r["complete"], r["cut"], r["phases"],
             [(f["report_group"], f["count"], f["execution"]) for f in r["failures"]])
            for r in json.load(open(path, encoding="utf-8"))]
ours, theirs = (read(path) for path in sys.argv[1:])
assert ours and ours == theirs, (ours, theirs)
PY
scenarios=(lost-update-3 lost-wakeup deadlock-3 lock-order)
one() { try "${model[@]}" "${scenarios[@]}" --budget quick --schedules "$1" --json "$1.json" "${@:2}"; }
one a; expect_status 1; expect_out "an update was lost"; expect_out "left out "
expect_out "of 4 scenarios"
one b; expect_status 1
cmp a/*lost-update*.schedule b/*lost-update*.schedule || fail "another schedule with the same seed"
same a.json b.json
for jobs in 2 3; do
	one c --jobs $jobs; expect_status 1
	same a.json c.json
done
for schedule in a/*.schedule; do
	try "$URINGSIM" replay "$schedule"
	expect_status 1
	[[ $out == *"came again"* ]] || fail "$schedule does not lead to its failure again"
done

# ---- in parts
for part in 1 2 3; do
	one "part$part" --shard $part/3
done
"$root/tools/merge-results" part1.json part2.json part3.json > whole.json
[[ $? == 1 ]] || fail "the parts have a failure"
python3 - a.json whole.json <<'PY' || fail "the parts are not the whole"
import json, sys
ours, theirs = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
def counts(result):
    # a cycle of lock orders is a failure of the search: each part that sees it counts it
    return {f["report_group"]: f["count"] for f in result["failures"] if f["kind"] != "lock"}
for a, b in zip(ours, theirs, strict=True):
    for key in ("scenario", "executions", "complete", "cut", "budget", "phases"):
        assert a[key] == b[key], (key, a[key], b[key])
    assert counts(a) == counts(b)
PY

# ---- a failure that needs a failing call has its phase's options
if [[ -f $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	try "$URINGSIM" explore "$root/docs/late-entry.scenario" --subject linux-7.3 --budget quick --suppress none --schedules f
	grep -lx "timers 1" f/*.schedule > /dev/null || fail "nothing was found with timers and failures as choices"
	for schedule in $(grep -lx "timers 1" f/*.schedule | head -n 2); do
		try "$URINGSIM" replay "$schedule" --suppress none
		expect_status 1
		[[ $out == *"came again"* ]] || fail "$schedule does not lead to its failure again"
	done
fi

# ---- the same whatever the number of processes is, also where tasks poll, of what is compared
# with /dev/fuse, and of the first failure
alike() { python3 - "$@" <<'PY' || fail "$1 and $2 are not alike"; }
import json, sys
def read(path):
    return [{k: v for k, v in r.items() if k not in ("cpu_s", "wall_s", "executions_per_cpu_s", "peak_rss_kb")}
            for r in json.load(open(path, encoding="utf-8"))]
ours, theirs = (read(path) for path in sys.argv[1:])
assert ours and ours == theirs, (ours, theirs)
PY
polling() { try "$URINGSIM" explore round-trip sqpoll-closed --budget quick --json "$@"; }
polling one.json --subject bufring; first=$(grep -v ' --jobs ' <<< "$out")
for jobs in 2 3; do
	polling more.json --subject bufring --jobs $jobs
	alike one.json more.json
	[[ $(grep -v ' --jobs ' <<< "$out") == "$first" ]] || fail "$jobs jobs should say the same"
done
if [[ -f $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	for jobs in 1 2 3; do
		polling more.json --subject linux-7.3 --first --suppress none --schedules first$jobs --jobs $jobs
		expect_status 1
		diff -r first1 first$jobs > /dev/null || fail "$jobs jobs should have the same first failures"
	done
fi

# ---- parts with another bound on delays are of another search
for part in 1 2; do
	try "${model[@]}" ring-2 --strategy delay --delays $part --shard $part/2 --json d$part.json
done
try "$root/tools/merge-results" d1.json d2.json; expect_status 2

# ---- -v tells of each phase, -q of failures alone
try "${model[@]}" ring-2 -v --budget quick
expect_out "--strategy exhaustive --preemptions 1 --points sync, complete"
expect_out "--strategy surw --points sync"
try "${model[@]}" ring-2 -q
[[ $out != *"left out"* ]] || fail "-q says what was left out"
finish
