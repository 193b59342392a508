#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Suppressions on the command line: what they keep back, how that is shown, and
# files that are refused.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

explore=("$URINGSIM" explore --subject model --executions 200)

cat > known <<'END'
# the tree's counter is for people to look at
kind accounting
summary an update was l?st
reason nobody reads this counter but people
END
try "${explore[@]}" lost-update-2; expect_status 1
try "${explore[@]}" lost-update-2 --suppress known --jobs 2 --json r.json
expect_status 0; expect_quiet
expect_out "known     accounting  an update was l?st (known:2)"
expect_out "kept back: nobody reads this counter but people"
expect_out "nothing found, 1 known"; expect_out "1 scenario, 0 failed, 1 known: nothing found"
count=$(python3 -c 'import json
s, = json.load(open("r.json"))[0]["suppressed"]
assert (s["file"], s["line"], s["kind"]) == ("known", 2, "accounting")
print(s["count"])')
expect_out "$count reports kept back"
try "${explore[@]}" lost-update-2 --suppress known; expect_out "$count reports kept back"

# not used: said when everything was played
try "${explore[@]}" --suppress known -v
expect_status 0; expect_out "unused    accounting  an update was l?st (known:2)"
try "${explore[@]}" --suppress known
expect_status 0; [[ $out != *unused* ]] || fail "that is for -v and --strict"
try "${explore[@]}" --suppress known --strict
expect_status 1; expect_out "unused    accounting  an update was l?st (known:2)"
try "${explore[@]}" ring-2 --suppress known --strict
expect_status 0
[[ $out != *unused* ]] || fail "it may be about another scenario"

# a schedule whose failure is known by now
try "${explore[@]}" lost-update-2 --schedules dir; expect_status 1
try "$URINGSIM" replay dir/*.schedule; expect_status 1
# what repeats a run has the files that it had
sed 's/l?st/made/' known > "of another"
try "${explore[@]}" lost-update-2 --suppress "of another" --schedules others; expect_status 1
expect_out "replay others/"
[[ $(tail -n 1 <<< "$out") == *".schedule --suppress 'of another'" ]] || fail "the replay needs the file"
for so in "$URINGSIM_SUBJECTS"/*.so; do
	[[ -e $so ]] || continue
	printf '%s\n' "scenario fails" "server s" "client c" "getattr ino 2 as a" "expect a not started" > fails.scenario
	name=$(basename "$so" .so)
	try "$URINGSIM" run fails.scenario --subject "$name" -q --suppress none --suppress known --suppress "of another"
	expect_status 1
	[[ $(tail -n 1 <<< "$out") == *"run fails.scenario --subject $name --suppress none --suppress known --suppress 'of another'" ]] ||
		fail "so does another run"
	break
done

try "$URINGSIM" replay --suppress known dir/*.schedule
expect_status 0; expect_quiet; expect_out "the failure came again, as one of the known reports ("
expect_out "--suppress none takes them for failures"
# who counts reports in a debugger has one execution, of which that is not known
try "$URINGSIM" replay --once --suppress known dir/*.schedule
expect_status 0; expect_out "did not come again, or is one of the known reports"
# gdb stops at it all the same
if command -v gdb > /dev/null; then
	try "$URINGSIM" replay --gdb --suppress known dir/*.schedule
	expect_status 1; expect_quiet
	expect_out "gdb plays it with --suppress none"
	[[ $out == *"an update was lost"*"#0"* ]] || fail "gdb should stop at a known report, too"
fi
# without its switches nothing comes that could be known
python3 - dir/*.schedule <<'PY'
import sys
lines = open(sys.argv[1]).read().split("\n")[:-2]
data = ("\n".join(l for l in lines if not l.startswith("switch")) + "\n").encode()
h = 0xcbf29ce484222325
for b in data:
    h = (h ^ b) * 0x100000001b3 % 2**64
open("none.schedule", "wb").write(data + b"end %016x\n" % h)
PY
for more in "" --gdb; do
	# shellcheck disable=SC2086  # a word, or none
	try "$URINGSIM" replay --suppress known none.schedule $more; expect_status 0
	[[ $out != *"known report"* ]] || fail "it is no known report, it does not come"
done
# a file of known reports that is none is refused before anything is said
for bad in nowhere dir no-reason; do
	sed '/^reason/d' known > no-reason
	try "$URINGSIM" replay --suppress $bad dir/*.schedule
	expect_refusal "$bad"
	[[ -z $out ]] || fail "it should say nothing before"
done
# a pipe can be read only once
try "$URINGSIM" replay --suppress <(cat known) dir/*.schedule
expect_status 0; expect_out "as one of the known reports"

sed '/^reason/d' known > no-reason
try "${explore[@]}" ring-2 --suppress no-reason
expect_refusal "no-reason:2: this entry gives no reason"
try "${explore[@]}" ring-2 --suppress nowhere; expect_refusal "cannot read nowhere"
if [[ -e $URINGSIM_SUBJECTS/bufring.so ]]; then
	try "$URINGSIM" run round-trip --suppress no-reason
	expect_refusal "no-reason:2: this entry gives no reason"
	try "$URINGSIM" run round-trip --suppress known; expect_status 0
fi
# entries name places; without a map of its code a subject has none
if [[ -e $URINGSIM_SUBJECTS/hooked/bufring.so ]]; then
	try "$URINGSIM" explore round-trip --subject bufring -n 10
	expect_status 0; expect_quiet
	mkdir -p bare/hooked
	cp "$URINGSIM_SUBJECTS/hooked/bufring.so" bare/hooked
	URINGSIM_SUBJECTS=$tmp/bare try "$URINGSIM" explore round-trip --subject bufring -n 10
	expect_status 0
	[[ $err == "uringsim: bufring has no map of its code ("*bare/hooked/bufring.so.places")"* ]] ||
		fail "that should be said"
	# a program that was copied away from its tree has no known reports, nor its place map
	cp "$URINGSIM" alone
	try ./alone explore round-trip --subject bufring -n 10
	expect_status 0; expect_out "known     none: there is no folder sim/fuse/known of this program"
fi
finish
