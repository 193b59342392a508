#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Output that cannot be written, and Ctrl-C: one line, and a status that says so.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

full() { "$@" > /dev/full; }
closed() { "$@" >&-; }
reader_gone() { "$@" > >(exec true); }

try full "$URINGSIM" scenarios; expect_refusal "cannot write to standard output"
try full "$URINGSIM" cache; expect_refusal "cannot write to standard output: No space"
try "$URINGSIM" cache; expect_status 0; expect_out "cache "
try full env -u PYTHONUNBUFFERED "$URINGSIM" cache
expect_refusal "cannot write to standard output: No space"
# argp prints these, and ends the program by itself
for option in --help --usage --version; do
	for command in "" explore scenarios; do
		# shellcheck disable=SC2086  # none, too
		try full "$URINGSIM" $command $option
		expect_refusal "cannot write to standard output"
		# shellcheck disable=SC2086
		try "$URINGSIM" $command $option; expect_status 0; expect_quiet
	done
done
try closed "$URINGSIM" scenarios; expect_refusal "standard output is closed"

first_subject
try full "$URINGSIM" run --subject "$subject"
expect_refusal "cannot write to standard output"
try full "$URINGSIM" subjects; expect_refusal "cannot write to standard output"

# a pipe that is closed before the first word
mkfifo "$tmp/fifo"
into_fifo() { "$@" > "$tmp/fifo"; }
# unread COMMAND...: it ends by SIGPIPE, and says nothing
unread() {
	(exec < "$tmp/fifo") &
	try into_fifo bash -c 'sleep 0.3; exec "$@"' - "$@"
	expect_status 141; expect_quiet
}
unread "$URINGSIM" run --subject "$subject"
unread "$URINGSIM" scenarios
unread "$URINGSIM" explore --help
unread "$URINGSIM" subjects
unread "$URINGSIM" cache
unread "$URINGSIM" compare "$subject" "$subject" --scenario round-trip --executions 10
# ... which would take a minute
unread "$URINGSIM" bench pools memory --json "$tmp/rows"
[[ -s $tmp/rows ]] || fail "the JSON should be there"
# a search stops, with its files written
unread "$URINGSIM" explore --subject model ring-2 ring-4 ring-3 --executions 100000000 --json "$tmp/unread"
grep -q '"state":"not-started"' "$tmp/unread" || fail "what was not searched should be in the JSON"

# JSON: a disk that is full, a folder that does not exist, nothing left behind
try "$URINGSIM" run --subject "$subject" --json /dev/full
expect_refusal "cannot write /dev/full"
try "$URINGSIM" run --subject "$subject" --json "$tmp/no/such/folder/x.json"
expect_refusal "cannot write $tmp/no/such/folder/x.json"

# known before a search, not after an hour of it
search=("$URINGSIM" explore --subject model lost-update-2)
try "${search[@]}" --json "$tmp/no/such/folder/x.json"
expect_refusal "cannot write $tmp/no/such/folder/x.json"
[[ -z $out ]] || fail "nothing should have been searched"
try "${search[@]}" --json "$tmp"; expect_refusal "cannot write $tmp: Is a directory"
(cd "$tmp" && try "${search[@]}" --json x.json; expect_status 1; [[ -s x.json ]] || fail "no JSON")

# so is a folder that is none
: > "$tmp/file"
try "${search[@]}" --schedules "$tmp/file"; expect_refusal "cannot write $tmp/file: Not a directory"
[[ -z $out ]] || fail "nothing should have been searched"

# so is what comes of a schedule, and of a boot
"${search[@]}" -o "$tmp/schedules" > /dev/null
schedule=$(echo "$tmp"/schedules/*.schedule)
try "$URINGSIM" report "$schedule" -o "$tmp/no/such/x.txt"; expect_refusal "cannot write $tmp/no/such/x.txt"
ln -s "$schedule" "$tmp/file.schedule"
mkdir "$tmp/file.schedule.min"
try "$URINGSIM" shrink "$tmp/file.schedule"; expect_refusal "cannot write $tmp/file.schedule.min: Is a directory"
[[ -z $out ]] || fail "nothing should have been shrunk"
for to in json page; do
	try "$URINGSIM" fidelity "$tmp/none" --$to "$tmp/no/such/x"; expect_refusal "cannot write $tmp/no/such/x"
done
try "$URINGSIM" export-reproducer "$schedule" -o "$tmp/no/such/x"; expect_refusal "cannot write $tmp/no/such/x"

# a schedule that cannot be written later: what was found is said all the same
no_space() { (trap "" XFSZ; ulimit -f 0; "$@" | cat; exit "${PIPESTATUS[0]}"); }
mkfifo "$tmp/found"
(cat "$tmp/found" > "$tmp/found.json") &
# of a build that counts coverage: what it cannot write either is no line of ours
try_limited() {
	tried="$*"
	{ no_space "$@" 2>&1 >&3 3>&- | grep -v "^libgcov profiling error" > "$tmp/err"; status=${PIPESTATUS[0]}; } 3> >(cat > "$tmp/out")
	wait
	out=$(< "$tmp/out") err=$(< "$tmp/err")
}
try_limited "${search[@]}" --schedules "$tmp/some" --json "$tmp/found"
expect_status 1 # a failure was found
expect_err "cannot write $tmp/some/"
[[ $(wc -l < "$tmp/err") == 1 ]] || fail "one line is enough"
expect_out "failure   accounting"
expect_out "1 kind of failure"
[[ $out != *"replay    "* ]] || fail "there is nothing to replay"
python3 -c 'import json, sys
assert json.load(open(sys.argv[1]))[0]["failures"][0]["schedule"] is None' "$tmp/found.json" ||
	fail "the JSON has the failure, without a schedule"

# of several the reason is said once, and how many there are
(cat "$tmp/found" > "$tmp/found.json") &
try_limited "${search[@]}" deadlock-2 lock-order --points marked --executions 50 --schedules "$tmp/some" --json "$tmp/found"
expect_status 1
[[ $(wc -l < "$tmp/err") == 2 ]] || fail "two lines are enough"
expect_err "cannot write $tmp/some/"
expect_err "uringsim: 3 failures have no schedule, as it could not be written"
[[ $(grep -c "^failure " "$tmp/out") == 3 ]] || fail "there are three failures"
[[ $out != *".schedule"* ]] || fail "there is no schedule"
python3 -c 'import json, sys
failures = [f for r in json.load(open(sys.argv[1])) for f in r["failures"]]
assert len(failures) >= 3 and not any(f["schedule"] for f in failures), failures' "$tmp/found.json" ||
	fail "the JSON has the failures, without a schedule"

# nor does fuzz lose one whose scenario cannot be written
(cat "$tmp/found" > "$tmp/found.json") &
try_limited "$URINGSIM" fuzz --subject "$subject" --suppress none --from nothing --runs 40 --schedules "$tmp/some" \
	--json "$tmp/found"
expect_status 1; expect_err "cannot write $tmp/some/"
[[ $(wc -l < "$tmp/err") -le 2 ]] || fail "two lines are enough"
expect_out "failure   "
python3 -c 'import json, sys
failures = json.load(open(sys.argv[1]))[0]["failures"]
assert failures and not any(f["schedule"] or f["file"] for f in failures), failures' "$tmp/found.json" ||
	fail "the JSON has the failures, without a file"

# what was found makes the status, wherever it could not be said; what was not found is 2
try full "${search[@]}"; expect_refusal "cannot write to standard output: No space" 1
try full "${search[@]}" --executions 1 --strategy exhaustive
expect_refusal "cannot write to standard output: No space"
try "${search[@]}" --json /dev/full --schedules "$tmp/schedules"; expect_refusal "cannot write /dev/full" 1
try "${search[@]}" --executions 1 --strategy exhaustive --json /dev/full; expect_refusal "cannot write /dev/full"
# ... and for git bisect the tree was not judged then
try "${search[@]}" --executions 1 --strategy exhaustive --json /dev/full --bisect
expect_refusal "cannot write /dev/full" 125
try "${search[@]}" --json /dev/full --schedules "$tmp/schedules" --bisect; expect_refusal "cannot write /dev/full" 1

# Ctrl-C while it waits for somebody to read the JSON; the first one may come while it still
# plays, which it then ends and says what it has
mkfifo "$tmp/json"
"$URINGSIM" run round-trip --subject "$subject" --json "$tmp/json" > /dev/null 2> "$tmp/err" &
pid=$!
catches $pid INT
sleep 1
for _ in {1..60}; do
	kill -INT $pid 2> "$tmp/kill" || break
	sleep 0.5
done
wait $pid
status=$? tried="Ctrl-C" out='' err=$(cat "$tmp/err")
expect_status 130
expect_err "uringsim: interrupted"
finish
