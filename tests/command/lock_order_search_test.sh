#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two orders of locks that no single execution shows: found by a search, the same by
# any number of processes, and again by the schedule.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

explore=("$URINGSIM" explore --subject model --points marked)

try "${explore[@]}" lock-order --executions 100 --schedules s1
expect_status 1; expect_quiet
expect_out "failure   lock        lock order: a->lock -> b->lock -> a->lock"
expect_out "and then b->lock in sim/model/mistakes.c"
expect_out "and then a->lock in sim/model/mistakes.c"
expect_out "100 executions: 1 failure in 1 of them"
for jobs in 2 3; do
	try "${explore[@]}" lock-order --executions 100 --schedules s$jobs --jobs $jobs
	expect_status 1
	diff -r s1 s$jobs > /dev/null || fail "$jobs jobs made another schedule"
done
for strategy in pct exhaustive; do
	try "${explore[@]}" lock-order --strategy $strategy --executions 100; expect_status 1
	expect_out "lock order: a->lock -> b->lock -> a->lock"
done

schedule=(s1/*.schedule)
[[ $(grep -c ^order "${schedule[0]}") == 2 ]] || fail "a schedule names both orders"
try "$URINGSIM" replay "${schedule[0]}"
expect_status 1; expect_quiet; expect_out "the failure came again (lock: lock order:"
expect_out "of lock-order"
try "$URINGSIM" shrink "${schedule[0]}"; expect_status 0
try "$URINGSIM" replay "${schedule[0]}.min"; expect_status 1
# without what the other execution showed there is no cycle
{ grep -v -e ^order -e ^end "${schedule[0]}"; } > half
python3 - <<'END'
text = open("half", "rb").read()
h = 0xcbf29ce484222325
for byte in text:
    h = (h ^ byte) * 0x100000001b3 % 2**64
open("half", "ab").write(b"end %016x\n" % h)
END
try "$URINGSIM" replay half; expect_status 0; expect_out "did not come again"

for model in lock-order-fixed deadlock-fixed-3; do
	try "${explore[@]}" $model --executions 1000; expect_status 0
	try "${explore[@]}" $model --strategy exhaustive; expect_status 0
done
cat > known <<'END'
kind lock
summary lock order: a->lock -> b->lock -> a->lock
reason only one task takes both
END
try "${explore[@]}" lock-order --executions 100 --suppress known --jobs 2
expect_status 0; expect_out "1 report kept back"
finish
