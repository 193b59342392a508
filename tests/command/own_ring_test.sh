#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What fuzz has found in our own ring, and is mended there: each scenario finds it with one
# preemption.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

while IFS='|' read -r name lines; do
	{
		printf 'scenario %s\n' "$name"
		tr '|' '\n' <<< "$lines"
	} > "$name.scenario"
done << 'END'
request-before-ready|init_unanswered|server s1|register queue 0 entry 0|client c2|flush ino 0|server s3|read-dev as r0|answer-dev r0
fixed-register|server s1|register queue 0 entry 0 uring-cmd-flags +1
time-out-and-abort|request_timeout 1|init_unanswered|server s1|serve-dev|client c2|abort
limit-after-abort|client c1|abort|max-background 0|read ino 0 offset 0 size 0 background as r|expect r ended
END

try "$URINGSIM" explore ./*.scenario --subject bufring --strategy exhaustive --preemptions 1
expect_status 0
expect_quiet
expect_out "total     4 scenarios, 0 failed, 0 known: nothing found"
finish
