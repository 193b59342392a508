#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One table of exit statuses: the same in README.md, --help and the pages of the manual;
# and each of them is what really comes.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# table: the table in what is read
# shellcheck disable=SC2016  # these are no commands
table() { sed -n '/^Exit status:$/,/^\(```\)\?$/{/^\(```\)\?$/d;p}'; }

table < "$root/README.md" > readme
[[ $(grep -cE '^  (0|1|2|3|4|5|125|130|141) ' readme) == 9 ]] || fail "README.md should have a table of nine statuses"
for command in "" run explore replay; do
	# shellcheck disable=SC2086  # no word is none
	try "$URINGSIM" $command --help
	expect_status 0
	table <<< "$out" | cmp -s readme - || fail "it should have the table of README.md"
done

# a page has the same words, in lines of its own
words() { tr -s ' \n' ' ' | sed 's/^ //; s/ $//'; }
man=$(dirname "$URINGSIM")/man
for page in uringsim uringsim-run uringsim-explore uringsim-replay; do
	[[ -e $man/$page.1 ]] || break
	tried="page $page"
	sed -e '/^\.[A-Z]/{s/^\.SS "\(Exit status:\)"$/\1/;t;d}' -e 's/\\[fF][A-Z]//g; s/\\//g' "$man/$page.1" |
		words > same
	grep -qF "$(words < readme)" same || fail "it should have the table of README.md"
done

# what comes: 0, 1, 2
try "$URINGSIM" explore lost-update-fixed-2 --subject model --executions 10; expect_status 0
try "$URINGSIM" explore lost-update-2 --subject model --executions 100; expect_status 1
schedule=$(echo schedules/*.schedule)
try "$URINGSIM" explore no-such-model --subject model; expect_status 2
try "$URINGSIM" replay "$schedule"; expect_status 1
# 0 and 4 of replay: another model does not fail, and is where the schedule is not
sed -e 's/^scenario .*/scenario lost-update-fixed-2/' -e '/^end /d' "$schedule" > other.schedule
python3 - other.schedule <<'P'
import sys
text = open(sys.argv[1], "rb").read()
h = 0xcbf29ce484222325
for byte in text:
    h = (h ^ byte) * 0x100000001b3 % 2**64
open(sys.argv[1], "ab").write(b"end %016x\n" % h)
P
try "$URINGSIM" replay other.schedule
[[ $out == *$'\ndiverged'* ]] && expected=4 || expected=0
expect_status "$expected"

# interrupted MORE...: a search that is ended by a signal after a while; $signal of $whom
interrupted() {
	local pid
	"$URINGSIM" explore deadlock-fixed-3 lost-update-fixed-2 --subject model --seconds-each 60 \
		--executions 1000000000000 "$@" > out 2> err < /dev/null &
	pid=$!
	catches "$pid" TERM
	sleep 0.5
	[[ $whom == child ]] && pid=$(pgrep -P "$pid")
	kill -s "$signal" "$pid"
	wait "$!"
	status=$? out=$(< out) err=$(< err) tried="explore, $signal to the $whom, $*"
}
whom=parent signal=TERM
interrupted; expect_status 4
expect_out ", 1 not started"
whom=child signal=TERM
interrupted --bisect; expect_status 125
whom=parent signal=TERM
interrupted --bisect; expect_status 125
# the simulator fails
whom=parent signal=ABRT
interrupted; [[ $status == 3 || $status == 134 ]] || fail "status should be 3"
whom=child signal=KILL
interrupted --bisect; expect_status 125
whom=child signal=ABRT
interrupted --bisect; expect_status 125
# what it says of a tree it says all the same
try "$URINGSIM" explore lost-update-2 --subject model --executions 100 --bisect; expect_status 1
try "$URINGSIM" explore lost-update-fixed-2 --subject model --executions 10 --bisect; expect_status 0
finish
