#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The scenarios of docs/findings.md: each shows what the page says of the stock trees, and
# nothing on ours.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
docs=$(cd "$(dirname "$0")/../../docs" && pwd)
cd "$tmp" || exit 1

shows() { # SCENARIO SUBJECT WORDS [OPTION...]
	local scenario=$1 subject=$2 words=$3
	shift 3
	if [[ ! -e $URINGSIM_SUBJECTS/$subject.so ]]; then
		skipped="$skipped $subject"
		return
	fi
	try "$URINGSIM" explore "$docs/$scenario.scenario" --subject "$subject" "$@"
	if [[ $words ]]; then
		expect_status 1
		expect_out "$words"
	else
		expect_status 0
		expect_out "nothing found"
	fi
}

skipped=
two=(--strategy exhaustive --preemptions 2)
one=(--strategy exhaustive --preemptions 1)
pct=(--strategy pct --executions 2000)
for tree in linux-7.3 linux-7.2; do
	shows failing-register "$tree" "list_del corruption"
	shows max-background-in-abort "$tree" "umount never ended" "${two[@]}"
	shows max-background-in-abort "$tree" "WARN_ON_ONCE(fch->max_background != UINT_MAX)" "${two[@]}"
	shows stolen-wake-up "$tree" "lost wake-up: b sleeps" "${pct[@]}"
	shows resend-to-two "$tree" "lost wake-up: r sleeps" --executions 1000
	shows given-up-wake-up "$tree" "lost wake-up: c sleeps" --executions 1000
done
shows raised-limit linux-7.2 "lost wake-up: c sleeps" "${one[@]}"
shows raised-limit linux-7.3 "" "${one[@]}"
shows too-long-reply linux-7.2 "BUG" "${one[@]}"
shows too-long-reply linux-7.3 "" "${one[@]}"
shows failing-register bufring "" --executions 1000
shows max-background-in-abort bufring "" "${two[@]}"
shows stolen-wake-up bufring "" "${one[@]}"
shows resend-to-two bufring "" --executions 1000
shows given-up-wake-up bufring "" --executions 1000
shows raised-limit bufring "" "${one[@]}"
shows too-long-reply bufring "" "${one[@]}"
[[ ! $skipped ]] || echo "not built, and not played:$skipped"
finish
