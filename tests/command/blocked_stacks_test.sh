#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Stacks in reports: of every blocked task when nobody can go on, of who reported
# otherwise; functions and lines, no address, the same in two runs, in every build.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# twice COMMAND...: it says the same again, but for how fast it was
twice() {
	try "$@"; expect_quiet
	first=$(grep -v "CPU second" out)
	try "$@"
	[[ $(grep -v "CPU second" out) == "$first" ]] || fail "two runs differ"
	[[ $out != *0x[0-9a-f][0-9a-f][0-9a-f][0-9a-f]* ]] || fail "an address is printed"
}

model=("$URINGSIM" explore --subject model --executions 200 --schedules s)
twice "${model[@]}" deadlock-2
expect_status 1
# who closes the circle reports it; the other one waits
for task in "task-1 reports this" "task-2 waits for a->lock"; do
	[[ $out == *"$task"$'\n'*"  take_both (sim/model/mistakes.c:"* ]] ||
		fail "the stack of $task should be there"
done
[[ $out != *sched_block* && $out != *fiber_* ]] || fail "the scheduler's frames should not be"
for schedule in s/*-progress-*.schedule; do
	twice "$URINGSIM" replay "$schedule"
	expect_status 1
	expect_out "take_both (sim/model/mistakes.c:"
done
rm -r s

twice "${model[@]}" lost-wakeup
expect_status 1
expect_out "task-2 waits for bell.rung"
expect_out "wait_once (sim/model/mistakes.c:"
# frames of the simulator tell nothing
for part in sim/sched sim/detect sim/symbols kernel_shim/hooks kernel_shim/runtime; do
	! grep -q "^ .* ($part/" <<< "$out" || fail "no frame of $part belongs into a stack"
done
[[ $out != *"task-1 waits"* ]] || fail "task-1 has ended and has no stack"

# the correct twins have nothing to show
for name in deadlock-fixed-2 lost-wakeup-fixed; do
	try "${model[@]}" $name
	expect_status 0
	[[ $out != *"waits for"* ]] || fail "nobody waits for good"
done
finish
