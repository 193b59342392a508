#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The gdb commands of tools/gdb at a failure of the subject, and that a second session
# is like the first.
# shellcheck source=tests/command/gdb_lib.sh
. "$(dirname "$0")/gdb_lib.sh"

# addresses and marks are the program's to tell: a copy here would be wrong one day
tried="looking for constants in tools/gdb"
! grep -rnE --include='*.py' '0x[0-9a-fA-F]{6,}|<< *30|64 <<|[0-9]{4,} \* [0-9]{4,}' "$root/tools/gdb" "$root/sim/fuse/gdb" | grep -v '& 0xffffffff' ||
	fail "there is a constant of the program's"

# ---- a failure is reported inside the subject: a buffer is recycled twice
mutant twice dev_uring_queue.h \
	's/fuse_bufring_recycle(entry->queue->bufring, &entry->buf);/& &/'
try "$URINGSIM" explore pool-exhaustion --executions 1 --schedules twice
expect_status 1
schedule=$(echo twice/*-kernel-*.schedule)
try "$URINGSIM" replay "$schedule" --gdb
expect_status 1
expect_out "failure   kernel      WARN"
expect_out "fuse_bufring_recycle ("
expect_out "#0  report_made (nr="
expect_out "fiber_first ()"
[[ $out == *"return;"$'\n'"#0"* || $out == *WARN_ON_ONCE*$'\n'"#0"* ]] ||
	fail "the line of the subject should be shown"
cp out first
try "$URINGSIM" replay "$schedule" --gdb
cmp -s first out || fail "a second session printed something else"

session "uringsim until report 0" "uringsim reports" "uringsim tasks" "uringsim connection" \
	"uringsim queue" "uringsim entries 0" "uringsim buffers 0" "uringsim requests" \
	"uringsim rings" "uringsim locks" "uringsim bt" "uringsim name the_connection.fm"
expect_status 0
expect_out "task  name"
expect_out "at rest"
expect_out "connection  fuse_chan#1"
expect_out "connected 1, initialized 1"
expect_out "buffer ring"
expect_out "FRRS_"
expect_out "holds queue->lock [queue#"
expect_out "ring 0  io_ring_ctx#1  "
expect_out "fuse_request#"
expect_out "fm#1"

# another task's stack, and back; who is looked at does not change who runs
session "uringsim until report 0" "uringsim task 0" "backtrace" "uringsim tasks" \
	"uringsim task" "backtrace 3" "uringsim bt all" "uringsim task 0" "continue"
expect_status 0
expect_out "task 0 server: at rest, waits for its next job"
expect_out "fiber_first ()"
expect_out "0*    server"
expect_out "back on the stack that runs"
expect_out "verdict   pool-exhaustion on bufring: the failure came again"
expect_out "uring_commit_and_fetch"

# wrong usage is one line each, and the session goes on
wrong=("task 77:no task 77" "queue 9:there is no queue 9" "queue x:x is not" "bt 1 2:2 is one argument"
	"until x:until what" "name no_such:No symbol" "nonsense:there is no command nonsense")
words=()
for pair in "${wrong[@]}"; do words+=("uringsim ${pair%%:*}"); done
session "uringsim tasks" "break main" "run" "uringsim connection" "delete" \
	"uringsim until report 0" "${words[@]}"
for pair in "${wrong[@]}" ":the program is not running" ":there is no connection"; do
	expect_err "uringsim: ${pair#*:}"
done
[[ $(grep -c . err) == $((${#wrong[@]} + 2)) ]] || fail "one line each is enough"

# a tree without a member: it is named, and the rest is shown
session "uringsim until report 0" "python import uringsim_gdb.look as l; has = l.has" \
	"python l.has = lambda v, n: n not in ('ent_commit_queue', 'has_buf') and has(v, n)" \
	"uringsim queue" "python l.has = lambda v, n: n != 'ring' and has(v, n)" \
	"uringsim connection" "uringsim queue"
expect_out "(this tree's queues have no ent_commit_queue)"
expect_out "none: struct fuse_chan has no member ring in this tree"
expect_err "uringsim: struct fuse_chan has no member ring in this tree"
finish
