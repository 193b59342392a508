#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --ring-flags: every scenario's rings get them, a schedule keeps them, a list that is
# wrong is refused; a scenario file has the same words.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

first_subject
cd "$tmp" || exit 1
for flags in defer-taskrun single-issuer coop-taskrun taskrun-flag submit-all cqsize fixed-file sqpoll mixed-sqes \
	defer-taskrun,taskrun-flag,cqsize; do
	try "$URINGSIM" run round-trip server-exit --subject "$subject" --ring-flags "$flags" -q
	expect_status 0
	try "$URINGSIM" explore round-trip --subject "$subject" --ring-flags "$flags" --executions 20 -q
	expect_status 0
done
for flags in nothing defer-taskrun,nothing ","; do
	try "$URINGSIM" run round-trip --subject "$subject" --ring-flags "$flags"
	expect_refusal "--ring-flags takes a list of submit-all"
done
try "$URINGSIM" run round-trip --subject "$subject" --ring-flags defer-taskrun,sqpoll
expect_refusal '--ring-flags defer-taskrun,sqpoll: "sqpoll" does not go together with "defer-taskrun"'
# a scenario's own flags, of all rings or of one
try "$URINGSIM" run abort-exit --subject "$subject" -q --ring-flags sqpoll
expect_status 0; expect_err "a ring with sqpoll has no defer-taskrun: --ring-flags and abort-exit do not go together"
try "$URINGSIM" run sqpoll-closed --subject "$subject" -q --ring-flags coop-taskrun,taskrun-flag
expect_status 0; expect_err "a ring with sqpoll has no coop-taskrun, taskrun-flag: --ring-flags and sqpoll-closed do not"
try "$URINGSIM" run abort-exit --subject "$subject" -q --ring-flags coop-taskrun; expect_status 0; expect_quiet

# the task work of a thread that does not enter its ring waits: only with that flag
cat > late.scenario <<'F'
scenario late
server s
	prepare queue 0
set-up
client a
	getattr ino 2 as stat
client b
	abort
expect stat ended
F
try "$URINGSIM" explore late.scenario --subject "$subject" --executions 50 -q
expect_status 0
# what fails with other flags or detectors is repeated with them
sed 's/^expect.*/expect stat result EIO/' late.scenario > fails.scenario
try "$URINGSIM" run fails.scenario --subject "$subject" -q --ring-flags coop-taskrun --detect heap
expect_status 1
expect_out "run fails.scenario --subject $subject --ring-flags coop-taskrun --detect heap"
sed 's/^server s/ring_flags defer-taskrun single-issuer\n&/' late.scenario > same.scenario
try "$URINGSIM" run same.scenario --subject "$subject" -q
expect_status 0
finish
