#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim run on every subject that is built: nothing found, the same trace twice,
# and JSON with the promised keys.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

first_subject
scenarios=$("$URINGSIM" scenarios | wc -l)
for so in "$URINGSIM_SUBJECTS"/*.so; do
	subject=$(basename "$so" .so)
	try "$URINGSIM" run --subject "$subject" --json "$tmp/$subject.json"
	expect_status 0
	expect_quiet
	expect_out "0 failed"
	expect_out "nothing found"
	[[ $(wc -l < "$tmp/out") -lt $((scenarios + 24)) ]] || fail "a line for each scenario is enough"
	try "$URINGSIM" run -q --subject "$subject"; expect_status 0
	[[ $(wc -l < "$tmp/out") == 1 ]] || fail "-q has nothing to say but the verdict"
	# every step: of one scenario that is named, or with -v
	try "$URINGSIM" run round-trip --subject "$subject"; expect_status 0
	expect_out "syscall"; expect_out " fs/fuse/dev_uring.c:"
	try "$URINGSIM" run round-trip -q --subject "$subject"; expect_status 0
	[[ $out != *syscall* ]] || fail "-q shows no steps"
	try "$URINGSIM" run -v --subject "$subject"
	cp "$tmp/out" "$tmp/first"
	[[ $(grep -c ' fs/fuse/' "$tmp/first") -gt 1000 ]] || fail "there should be traces"
	try "$URINGSIM" run -v --subject "$subject"
	cmp -s "$tmp/first" "$tmp/out" || fail "the second trace differs"
	python3 "$root/tests/command/json_keys.py" "$tmp/$subject.json" "$subject" ||
		fail "JSON is not as promised"
done

# no temporary file stays beside the JSON
[[ $(find "$tmp" -name '*.tmp') == '' ]] || fail "a temporary file was left"

# what is named twice is played once, whichever path leads to a file
try "$URINGSIM" run -q round-trip "$root/docs/late-entry.scenario" round-trip "$root/docs/../docs/late-entry.scenario" \
	--subject bufring --json "$tmp/twice.json"
[[ $status -le 1 ]] || fail "status should be 0 or 1"
expect_out "2 scenarios, "
[[ $(grep -c '"scenario":' "$tmp/twice.json") == 2 ]] || fail "the JSON should have each once"

# what a subject cannot do is refused, by name
if [[ -e $URINGSIM_SUBJECTS/linux-7.2.so ]]; then
	try "$URINGSIM" run pool-exhaustion --subject linux-7.2
	expect_refusal "needs shared buffers, which subject linux-7.2 does not have"
fi
finish
