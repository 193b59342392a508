#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a scenario file may expect of FUSE: each property holds where it is right, and fails
# where it is wrong.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -f $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"
cat > "$tmp/head" <<'F'
scenario expectations
entries 2
payload bufring
buffers 2
server s
	register queue 0 entry 0 as first
	register queue 0 entry 1
set-up
on s
	take as t
	answer t as reply
	serve
server d
	read-dev as r
	poll-dev as ready
	ioctl-dev 0 as unknown
client a
	lookup f7 as look
	getattr ino 2 as stat
	read ino 3 offset 0 size 100 as data
	forget ino 5
F
right='look ended
look started
look not under-way
data data
data result 100
data times-ended 1
stat file-size 1048576
look ino 7
first ended
first result 0
first cqes 1
reply ended
t arrived
t result 0
t opcode 1
t ino 1
t queue 0
t entry 0 or 1
t len 43
t payload-size 3
r ended
r result at-least 40
r opcode 2
r ino 5
ready ended
ready result 260
unknown ended
connection ring
connection ready
connection connected
connection not blocked
connection queues 1
connection references at-least 1
connection waiting 0
connection background 0
connection active-background 0
queue 0 not stopped
queue 0 entries 2
queue 0 waiting 0
queue 0 waiting-background 0
queue 0 active-background 0
queue 0 buffers 2
queue 0 free-buffers 2
queue 0 available 2
queue 0 userspace 0'

play() { # EXPECTATION
	{ cat "$tmp/head"; echo "expect $1"; } > "$tmp/e.scenario"
	try "$URINGSIM" run "$tmp/e.scenario" --subject bufring -q
}
{ cat "$tmp/head"; printf '%s\n' "$right" | sed 's/^/expect /'; } > "$tmp/all.scenario"
try "$URINGSIM" run "$tmp/all.scenario" --subject bufring -q
expect_status 0
while read -r line; do
	case $line in
	*" not "*) wrong=${line/ not / } ;;
	*[0-9]) wrong=$(sed -E 's/ (at-least )?[0-9]+( or [0-9]+)?$/ 1234567/' <<< "$line") ;;
	*) wrong=$(sed -E 's/([a-z-]+)$/not \1/' <<< "$line") ;;
	esac
	play "$wrong"
	expect_status 1
	expect_out "expected: $wrong"
	[[ $wrong != *1234567 ]] || expect_out "expected: $wrong, but it is "
done <<< "$right"

# ---- what was there instead ----

# told EXPECTATION INSTEAD: of a file with one call that fails and one that does not end
told() {
	printf '%s\n' "scenario told" "server s" "  prepare queue 0" "  take as t" "  answer t error ENOENT" \
		"  take as u" "  take" "client c" "  getattr ino 2 as a" "client d" "  sleep 1" "  getattr ino 3 as b" \
		"client e" "on s" "  has e getattr ino 4 as w" "expect $1" > "$tmp/e.scenario"
	try "$URINGSIM" run "$tmp/e.scenario" --subject bufring -q
	expect_status 1
	expect_out "expected: $1, but $2"
}
told "a result 0" "it is -2 (ENOENT)"
told "a result 0 or EIO" "it is -2 (ENOENT)"
told "a not result error" "it is -2 (ENOENT)"
told "a result at-least 1" "it is -2 (ENOENT)"
told "a result pending" "it is -2 (ENOENT)"
told "a times-ended 2 or 3" "it is 1"
told "a data" "its result is -2 (ENOENT)"
told "a not ended" "its result is -2 (ENOENT)"
told "b result 0" "it is pending"
told "b ended" "its result is pending"
told "queue 0 entries 2 or 3" "it is 1"
told "w result 0" "its line was not reached"
told "w ended" "its line was not reached"
told "queue 1 entries 1" "there is none"
finish
