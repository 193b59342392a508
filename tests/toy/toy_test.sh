#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A second driver: its race is found by explore, and comes again; the twin that takes its
# lock is clean in every order that is tried.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"
: "${TOY:?program that has the toy driver}"
cd "$tmp" || exit 1

try "$TOY" scenarios
expect_status 0
expect_out "two-ask"

try "$TOY" run --subject toy
expect_status 0
expect_out "two-ask on toy: nothing found (1 checks)"
try "$TOY" explore --subject toy --strategy exhaustive --preemptions 3
expect_status 0
expect_out "complete within 3 preemptions"
expect_out "two-ask on toy: nothing found"
try "$TOY" explore --subject toy --points marked --executions 20000
expect_status 0

# without the lock two clients take the same command, in the default order neither does
try "$TOY" explore --subject toy-racy --strategy exhaustive --preemptions 1 --schedules found
expect_status 1
expect_out "on toy-racy:"
expect_out "toy_take_fetch"
schedule=$(sed -n 's/^replay  *uringsim replay //p' <<< "$out" | head -n 1)
[[ -s $schedule ]] || fail "there is a schedule"
try "$TOY" replay "$schedule"
expect_status 1
expect_out "came again"
try "$TOY" shrink "$schedule"
expect_status 0
expect_out "switch "

# a program knows the drivers that it has, and no others
try "$URINGSIM" run --subject "$URINGSIM_SUBJECTS/toy.so"
expect_refusal "is a subject of driver toy, which this program does not have"

finish
