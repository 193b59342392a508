#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wrong usage: one clear line and status 2.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

try "$URINGSIM"; expect_refusal "name a command"
try "$URINGSIM" rnu; expect_refusal "did you mean run?"
try "$URINGSIM" nonsense; expect_refusal "no command nonsense"
try "$URINGSIM" --nonsense; expect_refusal "--nonsense"
# an option that is like one that there is; a value is none, and neither is what follows "--"
try "$URINGSIM" --verion; expect_refusal "no option --verion; did you mean --version?"
try "$URINGSIM" run --subjct bufring; expect_refusal "no option --subjct; did you mean --subject?"
try "$URINGSIM" explore --sed=3; expect_refusal "no option --sed; did you mean --seed?"
try "$URINGSIM" subjects --hlp; expect_refusal "no option --hlp; did you mean --help?"
try "$URINGSIM" bench --quik; expect_refusal "unrecognized option '--quik'"
try "$URINGSIM" run --json --jsn no-such-thing-at-all; expect_refusal "no scenario no-such-thing-at-all"
try "$URINGSIM" run -j --jsn no-such-thing-at-all; expect_refusal "no scenario no-such-thing-at-all"
try "$URINGSIM" run -- --subjct; expect_refusal "no scenario --subjct"
try "$URINGSIM" run --sub no-such-thing-at-all; expect_refusal "no subject no-such-thing-at-all"
try "$URINGSIM" subjects more; expect_refusal "more is one argument too many"
try "$URINGSIM" scenarios more; expect_refusal "more is one argument too many"
try "$URINGSIM" run --nonsense; expect_refusal "--nonsense"
try "$URINGSIM" run --json; expect_refusal "--json"
try "$URINGSIM" run no-such-thing-at-all; expect_refusal "no scenario no-such-thing-at-all"
try "$URINGSIM" run pool-exhaustoin; expect_refusal "did you mean pool-exhaustion?"
try "$URINGSIM" run --subject no-such-subject
expect_refusal "no subject no-such-subject"
try "$URINGSIM" run --subject a --tree b; expect_refusal "either --subject or --tree"

# options that have no effect, or contradict each other
for command in run explore fuzz; do
	try "$URINGSIM" $command -v -q; expect_refusal "either --verbose or --quiet"
	try "$URINGSIM" $command -q -v; expect_refusal "either --verbose or --quiet"
done
try "$URINGSIM" explore --detect none,all; expect_refusal "--detect none stands alone"
try "$URINGSIM" explore --detect heap,all; expect_refusal "--detect all stands alone"
# a word that comes twice in a list, as in a line of a scenario file
touch "$tmp/a"
for command in run explore fuzz; do
	try "$URINGSIM" $command --suppress "$tmp/a" --suppress none --suppress "$tmp/a"
	expect_refusal "--suppress $tmp/a comes twice"
done
for command in run explore; do
	try "$URINGSIM" $command --ring-flags cqsize,cqsize; expect_refusal '--ring-flags cqsize,cqsize: "cqsize" comes twice'
done
# but a script may give each strategy the same seed and depth
for strategy in random pos surw exhaustive delay; do
	try "$URINGSIM" explore --subject model ring-2 --strategy $strategy --seed 1 --depth 2 --executions 5
	expect_status 0
done
try "$URINGSIM" explore --subject model ring-2 -v -v --strategy pct --depth 2 --seed 3 --executions 5; expect_status 0
try "$URINGSIM" scenarios --words --print round-trip; expect_refusal "either --print or --words"
try "$URINGSIM" scenarios --subject no-such-subject; expect_refusal "--subject is of --print: what is to be printed?"
try "$URINGSIM" scenarios --words --tree .; expect_refusal "--tree is of --print: what is to be printed?"

# a subject that was skipped says why; one that is no subject says so
mkdir "$tmp/subjects"
echo "linux-9.9 nobody has written it" > "$tmp/subjects/SKIPPED"
echo "garbage" > "$tmp/subjects/garbage.so"
export URINGSIM_SUBJECTS=$tmp/subjects
try "$URINGSIM" run --subject linux-9.9; expect_refusal "nobody has written it"
try "$URINGSIM" run --subject garbage; expect_refusal "garbage.so"
try "$URINGSIM" subjects; expect_status 0; expect_out "nobody has written it"

try "$URINGSIM" --help; expect_status 0; expect_out "Exit status"; expect_quiet
try "$URINGSIM" run --help; expect_status 0; expect_out "--tree"; expect_quiet
try "$URINGSIM" scenarios; expect_status 0; expect_out "pool-exhaustion"; expect_quiet
finish
