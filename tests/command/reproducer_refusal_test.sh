#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# export-reproducer: a failure that a program from outside cannot bring about is refused in
# one line that says what of it.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

first_subject
cd "$tmp" || exit 1

# refuses WORDS LINE...: a scenario with these lines, whose expectation fails
refuses() {
	local words=$1
	shift
	{
		printf 'scenario refused\nserver s\n\tprepare queue 0\nset-up\nclient a\n'
		printf '\tgetattr ino 2 as stat\n'
		printf '%s\n' "$@"
		printf 'on s\n\tserve\nexpect stat result 77\n'
	} > refused.scenario
	rm -rf found
	try "$URINGSIM" explore refused.scenario --subject "$subject" --executions 3 --first \
		--schedules found --suppress none --detect none -q
	expect_status 1
	try "$URINGSIM" export-reproducer found/*accounting*.schedule -o program
	expect_refusal "$words" 1
	[[ ! -e program ]] || fail "nothing should be left"
}

refuses "FORGET, which comes at any time" "client b" "forget ino 5"
refuses "registered buffers" "server r" "register-buffers"
refuses "a system call on /dev/fuse itself" "server r" "read-dev as r" "client b" "forget ino 5"
refuses "a lazy umount" "client b" "umount lazy"
refuses "a number that root writes" "client b" "congestion-threshold 3"
refuses "a client that goes to another CPU" "client b" "cpu 0"
refuses "a signal to a thread of the server" "server r" "open-ring" "serve" "client b" "signal r"
refuses "a notification" "server r" "notify-resend"
refuses "memory that a thread rewrites" "on s" "take as t" "rewrite t error 5" "answer t"
refuses "a system call on /dev/fuse itself" "server r" "serve-dev"
refuses "a fork or an exec of the server" "server r" "fork s"
refuses "a call on a ring that programs do not have yet" "server r" "open-ring" "dup-ring"
refuses "a ring that several threads use" "server r" "share-ring s"
finish
