#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --points all: plain accesses are points, for the search as for the replay of what it
# found; and --detect.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

model=("$URINGSIM" explore --subject model)

# --detect
try "${model[@]}" ring-2 --detect heap,nothing; expect_refusal "no detector nothing"
try "${model[@]}" ring-2 --detect ""; expect_refusal "no detector"
try "${model[@]}" ring-2 --detect none --executions 10; expect_status 0; expect_out "--detect none"
try "${model[@]}" ring-2 --detect user,heap --executions 10; expect_status 0; expect_quiet

try "${model[@]}" ring-2 --points all --executions 10
if [[ $out == *"without hooks"* || $err == *"memory hooks"* ]]; then
	expect_refusal "memory hooks"
	finish
	exit
fi
expect_status 0; expect_out "--points all"

# a mistake that no other point comes between
model+=(--detect "heap,user") # without the race detector, which needs no other order
for points in sync marked; do
	try "${model[@]}" plain-update-2 --strategy exhaustive --points $points
	expect_status 0; expect_out "nothing found"
done
for how in "random --executions 500" "pct --executions 500" exhaustive; do
	# shellcheck disable=SC2086  # how is several words
	try "${model[@]}" plain-update-2 --points all --schedules "${how%% *}" --strategy $how
	expect_status 1; expect_out "an update was lost"
	for schedule in "${how%% *}"/*.schedule; do
		grep -qx "points all" "$schedule" || fail "$schedule keeps its points"
		try "$URINGSIM" replay "$schedule"
		expect_status 1; expect_quiet; expect_out "came again"
		[[ $out != *differs* && $out != *diverged* ]] || fail "the replay is the same"
		try "$URINGSIM" shrink "$schedule"; expect_status 0
		try "$URINGSIM" replay "$schedule.min"; expect_status 1; expect_out "came again"
	done
done

# under a lock, plain accesses add no order: still the counts of GenMC
for pair in ring-2:70 ring-3:15642 qrace-2:4 qrace-3:15; do
	try "${model[@]}" "${pair%:*}" --strategy exhaustive --points all
	expect_status 0; expect_out "${pair#*:} executions, complete"
done

# shards and jobs learn the same
random=("${model[@]}" plain-update-3 --points all --seed 3)
try "${random[@]}" --executions 600 --json all.json; expect_status 1
try "${random[@]}" --executions 600 --jobs 2 --json jobs.json; expect_status 1
failures_of() { python3 -c 'import json, sys
for f in json.load(open(sys.argv[1]))[0]["failures"]: print(f["kind"], f["summary"])' "$1"; }
[[ $(failures_of all.json) == "$(failures_of jobs.json)" ]] || fail "jobs find the same"

finish
