#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --timers and --faults: what they allow is in the options, the results and the schedule,
# which leads to its failure again; without them nothing is there of it.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

try "$URINGSIM" explore ring-2 --subject model --faults 101; expect_refusal "--faults takes"
try "$URINGSIM" explore ring-2 --subject model --timers -1; expect_refusal "--timers takes"
try "$URINGSIM" explore ring-2 --subject model --timers 1; expect_refusal "ring-2 is a model"
try "$URINGSIM" explore ring-2 --subject model --timers 0 --executions 10
expect_status 0

first_subject
try "$URINGSIM" explore round-trip --subject "$subject" --executions 50 --timers 2 --faults 1 \
	--json r.json
[[ $status -le 1 ]] || fail "status should be 0 or 1"
expect_out "--timers 2 --faults 1 --executions 50"
grep -q '"timers":2,"faults":1' r.json || fail "the results should have both"
cp out first
try "$URINGSIM" explore round-trip --subject "$subject" --executions 50 --timers 2 --faults 1
cmp -s out first || fail "two searches of one seed differ"
try "$URINGSIM" explore round-trip --subject "$subject" --executions 50 --json r.json
[[ $out != *--timers* && $out != *--faults* ]] || fail "nobody asked for them"
grep -q '"timers":0,"faults":0' r.json || fail "the results should have both"

# a REGISTER that fails
subject=
for s in linux-7.3 linux-7.2; do
	[[ ! -e $URINGSIM_SUBJECTS/$s.so ]] || subject=$s
done
[[ -n $subject ]] || skip "no kernel's own FUSE is built"
# the exhaustive search tries every kind of failure at every place, one after the other
for how in "--strategy random --executions 2000" "--strategy pct --executions 2000" \
	"--strategy pos --executions 2000" "--strategy surw --executions 2000" "--strategy delay" \
	"--strategy exhaustive --preemptions 0"; do
	# shellcheck disable=SC2086  # words
	try "$URINGSIM" explore exit-one-thread --subject "$subject" $how \
		--faults 1 --schedules "s${how//[^a-z0-9]/}" --suppress none --detect race
	expect_status 1
	expect_out " fails "
done
schedule=$(grep -l 'fault-' s*/*-race-*.schedule | head -n 1)
[[ -n $schedule ]] || fail "a schedule should have a fault"
grep -qx 'faults 1' "$schedule" || fail "the schedule should say how many may come"
! grep -q '^timers' "$schedule" || fail "no timers were asked for"
try "$URINGSIM" replay "$schedule" --times 5 --suppress none
expect_status 1
expect_out "replays   5, 5 with the failure, 5 like the first"
expect_out $'\nhappened  '
[[ $out != *$'\ndiffers'* && $out != *$'\ndiverged'* ]] || fail "it should lead where it did"
try "$URINGSIM" shrink "$schedule"
expect_status 0
grep -qx 'faults 1' "$schedule.min" || fail "what is left should say how many may come"
try "$URINGSIM" export-reproducer "$schedule"
expect_status 1
expect_err "needs what a program cannot bring about"
sed 's/^faults 1$/faults 101/' "$schedule" > bad
try "$URINGSIM" replay bad; expect_status 2
