#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# On a terminal explore shows how far it is, and wipes the line at the end; piped
# it says nothing of it.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

script -qec true /dev/null > /dev/null 2>&1 || skip "script(1) cannot make a terminal here"

explore="explore ring-2 --subject model --seconds 1 --executions 100000000"
on_a_terminal() { script -qec "'$URINGSIM' $explore" /dev/null; }

try on_a_terminal
expect_status 0
expect_out "ring-2: "
expect_out " executions, "
expect_out "/s, depth "
expect_out ", 0 failures, "
expect_out " s left"
expect_out $'\r\033[K'

# shellcheck disable=SC2086
try "$URINGSIM" $explore
expect_status 0
expect_quiet
[[ $out != *" s left"* ]] || fail "the progress line belongs to terminals"
finish
