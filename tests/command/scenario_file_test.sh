#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Scenario files: each mistake has its line, its column and a suggestion; what a scenario
# of the program is printed as does the same; a file finds what a scenario in C finds.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

first_subject
file=$tmp/a.scenario

# wrong TEXT: refused with it, before anything is played
wrong() {
	try "$URINGSIM" run "$file" --subject "$subject"; expect_refusal "$file$1"
	[[ -z $out ]] || fail "nothing should be played"
}

# says LINE...: a file of two actors, then these lines; the first one is line 7
says() {
	{
		printf '%s\n' "scenario test" "entries 2" "server server-0" \
			"  prepare queue 0" "  take as t" "client c"
		printf '%s\n' "$@"
	} > "$file"
}

# ---- bad files ----

rm -f "$file"
try "$URINGSIM" run "$file"; expect_refusal "cannot read $file: No such file"
: > "$file"; wrong " is empty"
echo '# nothing' > "$file"; wrong " says nothing: it has comments only"
printf 'scenario a\0b\n' > "$file"; wrong " is no scenario: it has a zero byte"
echo 'client c' > "$file"; wrong ':1:1: a file begins with "scenario NAME"'
echo 'scenario test' > "$file"; wrong " has no actor"
printf 'scenario test\nclient %0600d\n' 1 > "$file"
wrong ":2:513: a line of more than 512 characters"
head -c 1100000 /dev/zero | tr '\0' '\n' > "$file"; wrong " is too long"
{ echo "scenario test"; for i in {1..21}; do echo "client c$i"; done; } > "$file"
wrong ":22:1: more than 20 actors"
says "$(for _ in {1..300}; do echo "getattr ino 2"; done)"; wrong ":259:1: more than 256 actors and calls"
says "$(printf 'serve %.0s' {1..70})"; wrong ":7:385: more than 64 words in a line"
says $'getattr\x01 ino 2'; wrong ":7:8: a control character"
mkdir "$tmp/folder.scenario"
try "$URINGSIM" run "$tmp/folder.scenario"; expect_refusal "cannot read $tmp/folder.scenario: Is a directory"

# ---- mistakes in lines ----

says "gettatr ino 2"; wrong ':7:1: no such call "gettatr"; did you mean "getattr"?'
says "  xyzzy"; wrong ':7:3: no such call "xyzzy"'
says "getattr"; wrong ":7:8: ino is missing"
says "getattr ino"; wrong ":7:12: a number is missing"
says "getattr ino two"; wrong ':7:13: "two" is no number'
says "getattr ino -1"; wrong ":7:13: -1 is not between 0 and"
says "getattr ino 2 ino 3"; wrong ':7:15: "ino" comes twice'
says "read ino 2 ofset 0 size 1"; wrong ':7:12: no such argument "ofset"; did you mean "offset"?'
says "read ino 2 offset 0 size 9999999"; wrong ":7:26: 9999999 is not between 0 and 1048576"
says "getattr ino 2 as"; wrong ":7:17: a name is missing"
says "getattr ino 2 as t"; wrong ':7:18: there is a "t" already'
says "getattr ino 2 as a b"; wrong ':7:20: "b" is too much here'
says "getattr ino 2 as 7"; wrong ':7:18: "7" is no name'
says "getattr ino 2 as a-name-that-is-long"; wrong ":7:18: the name is longer than 15 characters"
says "umount as u"; wrong ':7:8: "umount" has no result that could be named'
says "serve"; wrong ':7:1: "serve" is what a server does, and c is a client'
says "on server-0" "answer u"; wrong ':8:8: no such take "u"; did you mean "t"?'
says "getattr ino 2 as a" "on server-0" "answer a"; wrong ":9:8: a is a call, not a take"
says "on server-0" "answer t error EOI"; wrong ':8:16: "EOI" is no error; did you mean "EIO"?'
says "on server-0" "answer t error what"; wrong ':8:16: "what" is no error'
says "on server-1"; wrong ':7:4: no such actor "server-1"; did you mean "server-0"?'
says "kill d"; wrong ':7:6: no such actor "d"; did you mean "c"?'
says "has server-0"; wrong ":7:13: a call is missing"
says "has server-0 getattr ino 2"; wrong ':7:14: "getattr" is what a client does'
says "has late umount" "set-up" "client late"; wrong ":7:5: late is not there yet"
says "set-up" "set-up"; wrong ":8:1: the set-up has ended already"
says "client c"; wrong ':7:8: there is an actor "c" already'
says "server server"; wrong ":7:8: there is an actor \"server\" already: the server's main thread"
says "client d cpu 1"; wrong ":7:14: 1 is not between 0 and 0"
says "server s single-isuer"; wrong ':7:10: no such property "single-isuer"; did you mean "single-issuer"?'
says "cpus 2"; wrong ":7:1: the configuration comes before the first actor"
says "scenario again"; wrong ":7:1: the scenario has a name already: test"
says "cpu 7"; wrong ':7:5: 7 is not below 1: that is what "cpus" is'
printf 'scenario a\ncpus 2\nclient c\ncpu 1\ncpu 2\n' > "$file"; wrong ':5:5: 2 is not below 2: that is what "cpus" is'
says "on server-0" "fork server-0"; wrong ':8:6: "fork" has to name another one: server-0 does it'
says "has server-0 fork server-0"; wrong ':7:19: "fork" has to name another one: server-0 does it'
says "on server-0" "fork server"; wrong ":8:6: \"fork\" has to name another one: server is the server's main thread"
says "needs xyzzy"; wrong ':7:7: no such capability "xyzzy"'
printf '\xef\xbb\xbfscenario a\nclient c\n' > "$file"; wrong ":1:1: a byte order mark: save the file without one"
says "needs bufpol"; wrong ':7:7: no such capability "bufpol"; did you mean "bufpool"?'
says "summary"; wrong ":7:8: a text is missing"
printf 'scenario a/b\n' > "$file"; wrong ':1:10: "a/b" is no name'
printf 'scenario a\npayload sharred\n' > "$file"; wrong ':2:9: no such choice "sharred"; did you mean "shared"?'
printf 'scenario a\nentreis 2\n' > "$file"; wrong ':2:1: no such setting "entreis"; did you mean "entries"?'
printf 'scenario a\nentries 2\nentries 3\n' > "$file"; wrong ':3:1: "entries" comes twice'
printf 'scenario a\nsummary b\nsummary c\n' > "$file"; wrong ':3:1: "summary" comes twice'
printf 'scenario a\nring_flags\n' > "$file"; wrong ":2:11: flag is missing"
printf 'scenario a\nring_flags submit-all submit_all\n' > "$file"; wrong ':2:23: "submit_all" comes twice'
printf 'scenario a\nneeds bufpool bufpool\n' > "$file"; wrong ':2:15: "bufpool" comes twice'
says "client d cpu 0 cpu 0"; wrong ':7:16: "cpu" comes twice'
says "server d sqpoll sqpoll"; wrong ':7:17: "sqpoll" comes twice'
printf 'scenario a\ngetattr ino 2\nclient c\n' > "$file"; wrong ':2:1: "getattr" is a call: it comes behind a line that'
printf 'scenario a\ngettatr ino 2\nclient c\n' > "$file"; wrong ':2:1: no such setting "gettatr"; did you mean "getattr"?'

# ---- rings that io_uring_setup() refuses ----

for flags in defer-taskrun:'"defer-taskrun" needs "single-issuer"' \
	'taskrun-flag:"taskrun-flag" needs "coop-taskrun" or "defer-taskrun"' \
	'sqpoll coop-taskrun:"sqpoll" does not go together with "defer-taskrun"'; do
	printf 'scenario a\nring_flags %s\n' "${flags%%:*}" > "$file"; wrong ":2:12: ${flags#*:}"
	says "server s ${flags%%:*}"; wrong ":7:10: ${flags#*:}"
done
says "server s small-sqes mixed-sqes"; wrong ':7:21: "mixed-sqes" does not go together with "small-sqes"'
says "client d sqpoll"; wrong ":7:10: \"sqpoll\" is of a server's ring, and d is a client"

# ---- what means nothing alone, with what it needs ----

# configured LINE...: a file with these lines of the configuration; the first one is line 2
configured() { { echo "scenario test"; printf '%s\n' "$@" "server s" "  register queue 0 entry 0"; } > "$file"; }
# can_be_read: it is, whatever the subject can then do with it
can_be_read() {
	try "$URINGSIM" scenarios --print "$file" --subject "$subject"
	[[ $err != *"$file:"* ]] || fail "the file says nothing that has no effect"
}

configured "buffers 2"; wrong ':2:1: "buffers" means nothing without a "payload" that is not "per-entry"'
configured "payload per-entry" "buffers 2"; wrong ':3:1: "buffers" means nothing without'
for setting in "policy 1" inc pinned "classes 2"; do
	configured "$setting"; wrong ":2:1: \"${setting% *}\" means nothing without \"payload bufring\", or \"shared\""
	configured "payload bufpool" "$setting"; wrong ":3:1: \"${setting% *}\" means nothing without \"payload bufring\""
	configured "$setting" "payload bufring"; can_be_read
	configured "payload shared" "$setting"; can_be_read
done
configured "payload bufring" "memlock 4"; wrong ':3:1: "memlock" means nothing without "pinned", or "flags"'
configured "payload bufring" "memlock 4" "pinned"; can_be_read
configured "payload bufring" "memlock 4"; echo "  register queue 0 entry 0 flags 5" >> "$file"; can_be_read
configured "payload bufring" "memlock 4"; printf 'client c\n  open ino 2 flags 5\n' >> "$file"; wrong ':3:1: "memlock" means nothing'
configured "payload bufring" inc "classes 2"; wrong ':3:1: "inc" does not go together with "classes"'
configured "payload bufring" "classes 2" inc; wrong ':4:1: "inc" does not go together with "classes"'
configured "payload bufring" inc "classes 1"; can_be_read
configured "buffers 0" "policy 0" "classes 0" "memlock 0"; can_be_read
configured sync_init init_unanswered; wrong ':3:1: "init_unanswered" means nothing with "sync_init"'
for setting in "ring_flags sqpoll" "entries 2" "payload bufpool" zero_copy; do
	printf 'scenario a\nno_io_uring\n%s\nserver s\n  read-dev\n' "$setting" > "$file"
	wrong ":3:1: \"${setting% *}\" means nothing with \"no_io_uring\" where no server's call has a \"queue\""
	configured no_io_uring "$setting"; can_be_read
done
for field in class-size class-number; do
	says "on server-0" "register queue 0 entry 0 $field 1"; wrong ":8:26: \"$field\" means nothing without \"classes\" of 2 or more"
done
says "on server-0" "register queue 0 entry 0 classes-len 8"; wrong ':8:26: "classes-len" means nothing without'
says "on server-0" "register queue 0 entry 0 classes-len 8 iovecs 3"; can_be_read
for field in queue-depth buf-size; do
	says "on server-0" "register queue 0 entry 0 $field 1"; wrong ":8:26: \"$field\" means nothing without \"payload bufring\""
	says "on server-0" "register queue 0 entry 0 $field 1 flags 1"; can_be_read
done
says "on server-0" "register queue 0 entry 0 pool-len 1"; wrong ':8:26: "pool-len" means nothing without "op": "register" has no such field'
says "on server-0" "register queue 0 entry 0 pool-len 1 op 3"; can_be_read
says "on server-0" "add-bufpool queue 0 iovecs 1"; wrong ':8:21: "iovecs" means nothing without "op": "add-bufpool"'
says "on server-0" "add-queue queue 0 headers-len 1"; wrong ':8:19: "headers-len" means nothing without "op": "add-queue"'
says "on server-0" "take absolute"; wrong ':8:6: "absolute" means nothing without "within"'

# ---- what is likely to be a mistake is told, and is played ----

for setting in init_unanswered sync_init; do
	printf 'scenario a\nentries 2\n%s\nserver s\n  prepare queue 0\nclient c\n  mount\n  getattr ino 2\n' "$setting" > "$file"
	for command in run explore; do
		try "$URINGSIM" $command "$file" --subject "$subject" --detect none -q; expect_status 0
		expect_err "$file:3:1: \"$setting\" and no \"answer-init\", \"serve-dev\" or \"answer-dev\": nothing answers FUSE_INIT"
		[[ $(wc -l < "$tmp/err") == 1 ]] || fail "one line is enough"
	done
	sed "s/^entries 2/may_be_rejected/" "$file" > "$file.generated.scenario"
	try "$URINGSIM" run "$file.generated.scenario" --subject "$subject" -q; expect_quiet
	for answer in answer-init serve-dev $'read-dev as r\nanswer-dev r'; do
		sed "/^client/i server t\n${answer//$'\n'/\\n}" "$file" > "$file.answered.scenario"
		try "$URINGSIM" run "$file.answered.scenario" --subject "$subject" -q; expect_quiet
	done
done

# ---- a set-up that the limit on locked memory refuses ----

if [[ -e $URINGSIM_SUBJECTS/bufring.so ]]; then
	configured "payload bufring" pinned "memlock 1"; echo "  prepare queue 0" >> "$file"
	try "$URINGSIM" run "$file" --subject bufring -q; expect_status 1
	expect_out "set-up failed: the kernel rejected command 1 of s: -12 (ENOMEM): it may lock 1 pages (memlock)"
	configured "payload bufring" pinned "memlock 1" may_be_rejected; echo "  prepare queue 0" >> "$file"
	try "$URINGSIM" run "$file" --subject bufring -q; expect_status 0
	configured "payload bufring" pinned "memlock 100"; sed -i 's/register.*/prepare queue 0/' "$file"
	try "$URINGSIM" run "$file" --subject bufring -q; expect_status 0
fi

# ---- mistakes in expectations ----

says "expect"; wrong ":7:7: what is expected of something is missing"
says "expect u ended"; wrong ':7:8: no such name "u"; did you mean "t"?'
says "expect t"; wrong ":7:9: what is expected of it is missing"
says "expect t arived"; wrong ':7:10: no such property "arived"; did you mean "arrived"?'
says "expect t result"; wrong ":7:16: a value is missing"
says "expect t result zero"; wrong ':7:17: "zero" is no number and no error'
says "expect t result EINVL"; wrong ':7:17: "EINVL" is no number and no error; did you mean "EINVAL"?'
says "expect t result pnding"; wrong ':7:17: "pnding" is no number and no error; did you mean "pending"?'
says "expect t result 0 or"; wrong ":7:21: a value is missing"
says "expect t result 0 1"; wrong ':7:19: "1" is too much here'
says "expect t arrived 1"; wrong ':7:18: "1" is too much here'
says "expect queue waiting 0"; wrong ':7:14: "waiting" is no number'
says "expect queue 8 waiting 0"; wrong ":7:14: 8 is not between 0 and 7"

# ---- what a subject cannot do ----

printf 'scenario mine\npayload bufring\nclient c\n' > "$file"
if [[ -e $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	try "$URINGSIM" run "$file" --subject linux-7.3
	expect_refusal "scenario mine needs bufring, which subject linux-7.3 does not have"
fi

# ---- more than the simulator has ----

for more in "reads of /dev/fuse" data; do
	line="read-dev"; [[ $more != data ]] || line="read ino 2 offset 0 size 1048576"
	says "on $([[ $more == data ]] && echo c || echo server-0)" "$(for _ in {1..60}; do echo "$line"; done)"
	try "$URINGSIM" run "$file" --subject "$subject"
	expect_refusal "$file asks for more $more than a world has"
done

# ---- each command takes a file; a failure is at its line ----

says "getattr ino 2 as a" "on server-0" "answer t error EIO" "expect t arrived" \
	"expect a result EIO" "expect a not started" "expect queue 0 waiting at-most 3"
try "$URINGSIM" run "$file" --subject "$subject" -q; expect_status 1
expect_out "expected: a not started"; expect_out "$file:12 (test)"
expect_out "run $file --subject $subject"
try "$URINGSIM" explore "$file" --subject "$subject" -n 20 -o "$tmp/s"; expect_status 1
schedule=$(echo "$tmp"/s/*.schedule)
try "$URINGSIM" replay "$schedule"; expect_status 1
[[ $out == *differs* ]] && fail "nothing differs"
try "$URINGSIM" shrink "$schedule"; expect_status 0
try "$URINGSIM" report "$schedule" -o "$tmp/r.txt"; expect_status 0
grep -q "expected: a not started" "$tmp/r.txt" || fail "the report should name the check"
cp "$file" "$tmp/kept"; sed -i 's/summary/&/; $a # more' "$file"
try "$URINGSIM" replay "$schedule"; expect_status 1; expect_out "differs   $file is another text"
rm "$file"; try "$URINGSIM" replay "$schedule"; expect_refusal "$file, with which this was recorded, is not there"

# ---- printing ----

try "$URINGSIM" scenarios --print no-such; expect_refusal "no scenario no-such"
try "$URINGSIM" scenarios --small; expect_refusal "what is to be printed"

# trace SCENARIO: of a run in the default order, without its head
trace() { "$URINGSIM" run "$1" --subject "$subject" --detect none --suppress none | sed '1,/^$/d; /^$/,$d'; }

# what goes on in C only: looked at in between, or memory that no file can name
declare -A in_c=([bufring-refused]=1 [headers]=5 [odd-pool]=1)
printed=0
for so in "$URINGSIM_SUBJECTS"/*.so; do
	subject=$(basename "$so" .so)
	for name in $("$URINGSIM" scenarios | sed '1d; s/ .*//'); do
		"$URINGSIM" scenarios --print "$name" --subject "$subject" > "$file" 2> /dev/null || continue
		try trace "$name"; original=$out
		((${#original} > 1000)) || fail "$name on $subject has no trace"
		left_out=$(grep -v 'a check in C' "$file" | grep -c 'cannot be said')
		tried="$name printed, on $subject"
		[[ $left_out == "${in_c[$name]:-0}" ]] || fail "$left_out calls cannot be said"
		[[ $left_out == 0 ]] || continue
		try trace "$file"
		[[ $out == "$original" ]] || fail "$name on $subject: the file does something else"
		((printed++))
	done
done
((printed >= 40)) || fail "only $printed scenarios were compared"
# what a search has to tell apart is the same, too
orders() { "$URINGSIM" explore "$1" --subject "$subject" --strategy exhaustive --preemptions 1 -q -j "$tmp/j" -o "$tmp/o" > /dev/null; grep -o '"executions":[0-9 ]*' "$tmp/j"; }
for name in exit-one-thread abort-answer killed-waiting; do
	"$URINGSIM" scenarios --print "$name" --small --subject "$subject" > "$file"
	try orders "$name"; original=$out
	[[ $original == *:*[1-9]* ]] || fail "no executions"
	try orders "$file"; [[ $out == "$original" ]] || fail "$name: another search"
done

# what is printed as an outcome holds
"$URINGSIM" scenarios --print round-trip --subject "$subject" | sed 's/^# expect/expect/' > "$file"
try "$URINGSIM" run "$file" --subject "$subject" -q; expect_status 0
[[ $(grep -c '^expect' "$file") == 6 ]] || fail "six calls should have outcomes"

for name in background pool-exhaustion server-exit; do
	try "$URINGSIM" scenarios --print "$name" --small --subject "$subject"; expect_status 0
	"$URINGSIM" scenarios --print "$name" --subject "$subject" | cmp -s - "$tmp/out" &&
		fail "the small one should be another"
done

# what a server does with /dev/fuse is printed as it was said
says "on server-0" "poll-dev as a" "ioctl-dev 58627 as b" "read-dev size 80 as r" \
	"answer-dev r error EAGAIN unique +1 len -8"
try "$URINGSIM" scenarios --print "$file" --subject "$subject"; expect_status 0
expect_out "poll-dev"; expect_out "ioctl-dev 58627"; expect_out "read-dev size 80"
expect_out "answer-dev read-dev-1 error EAGAIN unique +1 len -8"

# ---- the page has all words ----

try "$URINGSIM" scenarios --words; expect_status 0
[[ $(< "$root/docs/scenario-files.md") == *$'\n```\n'"$out"$'\n```\n'* ]] ||
	fail "docs/scenario-files.md should have these words"

# ---- a known mistake of Linux, found by a file ----

if [[ -e $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	cp "$root/docs/late-entry.scenario" "$file"
	try "$URINGSIM" explore "$file" --subject linux-7.3 --suppress none --detect none -n 2000 -o "$tmp/f1"
	expect_status 1; expect_out "waits although entry 1 is available"
	schedule=$(echo "$tmp"/f1/*progress*.schedule)
	try "$URINGSIM" export-reproducer "$schedule" -o "$tmp/program"; expect_status 0
	[[ -e $tmp/program/reproducer.c ]] || fail "no program"
fi
if [[ -e $URINGSIM_SUBJECTS/bufring.so ]]; then
	try "$URINGSIM" explore "$root/docs/late-entry.scenario" --subject bufring -n 2000 -o "$tmp/f2"
	expect_status 0
fi
finish
