#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where replay --gdb stops: at the failing access, or where no task can run, with every
# stack.
# shellcheck source=tests/command/gdb_lib.sh
. "$(dirname "$0")/gdb_lib.sh"

# ---- nobody is woken: a stall
mutant asleep req.c 's/wake_up(&req->waitq);/(void)req;/'
try "$URINGSIM" explore round-trip --executions 1 --schedules asleep
expect_status 1
schedule=$(printf '%s\n' asleep/*.schedule | head -n 1)
try "$URINGSIM" replay "$schedule" --gdb
expect_status 1
expect_out "failure   progress    lost wake-up: cat sleeps although its condition is true"
expect_out "no task can run, and one waits for ever"
expect_out "blocked, waits for req_has_ended(req)"
expect_out "job_call"

# ---- freed memory is read: the failing access is below the hooks
if [[ -e $URINGSIM_SUBJECTS/hooked ]]; then
	mutant freed req.c 's/kmem_cache_free(request_cache, req);/& WARN_ON(!req->chan);/' hooked
	try "$URINGSIM" explore two-queues --executions 1 --schedules freed
	expect_status 1
	try "$URINGSIM" replay freed/*-heap-*.schedule --gdb
	expect_status 1
	expect_out "failure   heap        use after free: read of 8 bytes"
	[[ $out == *$'\n#'*" in fuse_put_request (req="*$'\n'*"WARN_ON(!req->chan);"$'\n#0 '* ]] ||
		fail "the line of the subject should be shown"
fi

# ---- models: a deadlock and a lost wake-up
for model in deadlock-2 lost-wakeup; do
	try "$URINGSIM" explore $model --subject model --executions 200 --schedules m
	expect_status 1
done
for schedule in m/*-progress-*.schedule; do
	try "$URINGSIM" replay "$schedule" --gdb
	expect_status 1
	[[ $out == *"no task can run, and one waits for ever"* || $out == *deadlock:* ]] ||
		fail "it should stop where the failure is"
	[[ $out == *" take_both "*" take_both "* || $out == *wait_once* ]] ||
		fail "each stack should be shown"
done
finish
