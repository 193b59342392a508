#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every failing schedule that a short search yields - of the models' mistakes and of
# one scenario on every subject - fails again each time that it is played, with the same trace.
# TIMES in the environment: how often; 100.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
: "${TIMES:=100}"
mkdir s

for model in lost-update-2 lost-update-3 deadlock-2 deadlock-3 lost-wakeup; do
	for strategy in random pct pos surw; do
		try "$URINGSIM" explore "$model" --subject model --strategy $strategy \
			--executions 100 --schedules "s/$strategy"
		[[ $status -le 1 ]] || fail "status should be 0 or 1"
	done
done
[[ $(echo s/random/model-*) != *'*'* ]] || fail "the models' mistakes should be found"
for so in "$URINGSIM_SUBJECTS"/*.so; do
	[[ -e $so ]] || continue
	subject=$(basename "$so" .so)
	for strategy in random pct pos surw; do
		try "$URINGSIM" explore exit-one-thread --subject "$subject" --strategy $strategy \
			--executions 200 --schedules "s/$subject-$strategy" \
			--suppress none --detect none
		[[ $status -le 1 ]] || fail "status should be 0 or 1"
	done
done

schedules=0 replays=0
for schedule in s/*/*.schedule; do
	try "$URINGSIM" replay "$schedule" --times "$TIMES" --suppress none
	expect_status 1
	expect_out "replays   $TIMES, $TIMES with the failure, $TIMES like the first"
	[[ $out != *$'\ndiverged'* && $out != *$'\ndiffers'* ]] ||
		fail "the schedule should lead where it did"
	# processes differ in what the system gives them
	grep -v ^replays out > first
	try "$URINGSIM" replay "$schedule" --suppress none
	[[ $out != *"the failure is of"* ]] || fail "the subject is the same"
	grep -v ^replays out | cmp -s first - || fail "two processes differ"
	schedules=$((schedules + 1)) replays=$((replays + TIMES + 2))
done
echo "$replays replays of $schedules schedules"

# another tree has other steps: the switches are made at the places that they name
if [[ -e $URINGSIM_SUBJECTS/linux-7.2.so && -e $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	try "$URINGSIM" explore exit-one-thread --subject linux-7.3 --strategy exhaustive \
		--preemptions 2 --suppress none --detect none --schedules s/bounded
	expect_status 1
	schedule=$(echo s/bounded/*-accounting-*.schedule)
	try "$URINGSIM" replay "$schedule" --suppress none --subject linux-7.2
	expect_status 1
	expect_out $'\nmoved     switch '
	expect_out "choices instead of"
	expect_out "exit-one-thread on linux-7.2: the failure came again"
	# so are they by whatever else plays it
	try "$URINGSIM" report "$schedule" --subject linux-7.2 -o r.json
	expect_status 0; expect_quiet
	[[ $out != *"does not come again"* ]] || fail "it comes again in a report, too"
	try "$URINGSIM" shrink "$schedule" --subject linux-7.2
	expect_status 0; expect_quiet
	expect_out $'\nmoved     switch '
	expect_out "switches are left"
	try "$URINGSIM" replay "$schedule.min" --suppress none
	expect_status 1
	expect_out "exit-one-thread on linux-7.2: the failure came again"
	[[ $out != *$'\nmoved'* && $out != *$'\ndiffers'* ]] || fail "it is of linux-7.2 now"
	try "$URINGSIM" replay "$schedule" --by-count --suppress none --subject linux-7.2
	[[ $status == 0 || $status == 1 || $status == 4 ]] || fail "status should be 0, 1 or 4"
	expect_out "their numbers"
	[[ $status == 1 || $out == *"the failure is of linux-7.3: on linux-7.2 these switches may do nothing"* ]] ||
		fail "that it is another subject should be told"
fi
if [[ -e $URINGSIM_SUBJECTS/bufring.so && -e $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	try "$URINGSIM" replay "$schedule" --suppress none --subject bufring
	expect_status 4
	expect_out $'\ndiverged  switch '
	expect_out "it was not reached"
	expect_out "exit-one-thread on bufring: the failure did not come again"
	expect_out $'\ndiffers   the failure is of linux-7.3: on bufring these switches may do nothing'
fi
try "$URINGSIM" replay "$schedule" --times 0; expect_refusal "--times takes a number"
try "$URINGSIM" replay "$schedule" --times x; expect_refusal "--times takes a number"
finish
