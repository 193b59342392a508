#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim report: each format is well-formed, says the same each time, tells the
# failure, and is written as a whole or not at all.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# find a failure of the model, and a schedule of each kind
try "$URINGSIM" explore --subject model deadlock-2 lost-update-2 --executions 200
expect_status 1
deadlock=$(echo schedules/model-deadlock-2-progress-*.schedule)
deadlock=${deadlock%% *}
update=$(echo schedules/model-lost-update-2-*.schedule)

too_long() { grep -qE '.{101}' "$1"; }

# well_formed FILE
well_formed() {
	python3 - "$1" <<'PY' || fail "$1 should be well-formed"
import html.parser, json, sys, xml.etree.ElementTree as tree
name = sys.argv[1]
text = open(name, encoding="ascii").read()
if name.endswith(".json"):
    r = json.loads(text)
    assert r["report"] == 1 and r["failure"]["came_again"] and r["failure"]["same_trace"]
    assert sum(s["fails"] for s in r["steps"]) == 1
    assert all(0 <= l["task"] < len(r["tasks"]) for l in r["locks"] + r["waits"])
else:
    tree.fromstring(text)
    for word in "http://", "https://", "url(", "@import", "src=":
        rest = text.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xhtml", "")
        assert word not in rest, word
PY
}

for schedule in "$deadlock" "$update"; do
	for kind in txt svg html json; do
		try "$URINGSIM" report "$schedule" -o "one.$kind"
		expect_status 0; expect_quiet; expect_out "report    one.$kind"
		try "$URINGSIM" report "$schedule" -o "two.$kind"; expect_status 0
		cmp -s "one.$kind" "two.$kind" || fail "two reports should be the same: $kind"
		[[ $kind == txt ]] || well_formed "one.$kind"
	done
	! too_long one.txt || fail "a line of the text is too long"
done

# what it says: who waits for what, with which lock
"$URINGSIM" report "$deadlock" -o d.txt > out
for words in "failure     progress: deadlock: task-1" "waits for b->lock" "holds first" "trace is the one" \
	"task-1 to task-2" "lock      second"; do
	grep -qF -- "$words" d.txt || fail "the report should have: $words"
done
"$URINGSIM" report "$deadlock" -o d.json > out
try python3 -c 'import json
r = json.load(open("d.json"))
print(len(r["tasks"]), sorted(t["locks_at_failure"] for t in r["tasks"]), len(r["locks"]),
      [l["to"] for l in r["locks"]], len(r["schedule"]["switches"]), sorted(w["for"] for w in r["waits"]))'
expect_out "2 ['first', 'first'] 2 [None, None] 1 ['a->lock', 'b->lock']"

# whatever the words are, they are words: a schedule that was made by hand
python3 - "$deadlock" odd.schedule <<'PY'
import sys
lines = open(sys.argv[1]).read().split("\n")[:-2]
evil = "</text><script>alert('&\"')</script>\x07\xe9"
lines = ["summary " + evil if l.startswith("summary ") else l for l in lines]
lines = [l.replace("\ttask-2\t", "\t<b>&\t") for l in lines]
data = ("\n".join(lines) + "\n").encode("latin-1")
h = 0xcbf29ce484222325
for b in data:
    h = (h ^ b) * 0x100000001b3 % 2**64
open(sys.argv[2], "wb").write(data + b"end %016x\n" % h)
PY
for kind in txt svg html json; do
	try "$URINGSIM" report odd.schedule -o "odd.$kind"
	expect_status 0; expect_quiet; expect_out "does not come again"
done
for kind in svg html; do
	grep -q "<script>alert" odd.$kind && fail "words of the schedule are not markup"
	try python3 -c 'import sys, xml.etree.ElementTree as t; t.parse(sys.argv[1])' odd.$kind
	expect_status 0
done
try python3 -c 'import json; print(json.load(open("odd.json"))["failure"]["came_again"])'
expect_out False
grep -q "DID NOT COME AGAIN" odd.txt || fail "the text should say that it did not come again"

# broken input, and output that cannot be written
try "$URINGSIM" report; expect_refusal "name the schedule"
try "$URINGSIM" report "$deadlock"; expect_refusal "name the report: -o"
try "$URINGSIM" report "$deadlock" "$update" -o x.txt; expect_refusal "one schedule too many"
try "$URINGSIM" report "$deadlock" -o x.pdf; expect_refusal "does not end in .txt"
try "$URINGSIM" report "$deadlock" -o dir.txt/x; expect_refusal "does not end in .txt"
try "$URINGSIM" report "$deadlock" -o x --format pdf; expect_refusal "no format pdf"
try "$URINGSIM" report no-such-file -o x.txt; expect_refusal "cannot read no-such-file"
try "$URINGSIM" report one.json -o x.txt; expect_refusal "not a schedule"
head -c 200 "$deadlock" > cut.schedule
try "$URINGSIM" report cut.schedule -o x.txt; expect_refusal "cut.schedule is cut off"
[[ ! -e x.txt ]] || fail "nothing should have been written"
try "$URINGSIM" report "$deadlock" -o no/such/dir.txt; expect_refusal "cannot write no/such/dir.txt"
for kind in txt svg html json; do
	try "$URINGSIM" report "$deadlock" -o /dev/full --format $kind
	expect_refusal "cannot write /dev/full: No space left"
done
(ulimit -f 1; "$URINGSIM" report "$deadlock" -o big.html > out 2> err; echo $? > status)
[[ ! -e big.html && -z $(compgen -G 'big.html.*') ]] || fail "half a report should not stay"
try "$URINGSIM" report --help; expect_status 0; expect_quiet; expect_out ".svg"

# a subject, if one is here: its report has the files it was compiled from
for so in "$URINGSIM_SUBJECTS"/*.so; do
	[[ -e $so ]] || continue
	name=$(basename "$so" .so)
	try "$URINGSIM" explore exit-one-thread --subject "$name" --executions 300 --detect none --suppress none \
		--schedules found --json found.json --junit found.xml
	[[ $status == 1 ]] || continue
	# steps have the same numbers wherever a failure is told: those of a replay
	since=$(grep -o 'it waits since step .*' out)
	if [[ -n $since ]]; then
		schedule=$(echo found/*-progress-*.schedule)
		try "$URINGSIM" report "$schedule" -o found-report.json; expect_status 0
		for file in found.json found.xml found-report.json; do
			grep -qF "$since" $file || fail "$file should have: $since"
		done
		try "$URINGSIM" replay "$schedule" --suppress none; expect_status 1
		expect_out "$since"
	fi
	for schedule in found/*.schedule; do
		for kind in txt svg html json; do
			try "$URINGSIM" report "$schedule" -o "s.$kind"; expect_status 0; expect_quiet
			[[ $kind == txt ]] || well_formed "s.$kind"
		done
		! too_long s.txt || fail "a line of the text is too long"
		grep -q "^world  .*by default .*max_write 8192" <(tr -s ' \n' ' ' < s.txt | sed 's/ world /\nworld  /') ||
			fail "the report should name the defaults"
		grep -q "fs/fuse/dev_uring.c$" s.txt || fail "the report should have the files"
		grep -q "\.\.\. [0-9]* steps" s.txt || fail "a long trace should be folded"
		try "$URINGSIM" report "$schedule" -o all.txt --all; expect_status 0
		grep -q "\.\.\. [0-9]* steps" all.txt && fail "--all folds nothing"
	done
	break
done
finish
