#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What fuzz once said of Linux and was the simulator's mistake, or the server's: each line is a
# scenario that it had made small, and nothing is found in it.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
subject=linux-7.3
[[ -e $URINGSIM_SUBJECTS/$subject.so ]] || skip "subject $subject is not built"

while IFS='|' read -r name lines; do
	{
		printf 'scenario %s\n' "$name"
		tr '|' '\n' <<< "$lines"
	} > "$name.scenario"
done <<'END'
second-mount|sync_init|client c1|mount
mount-while-notified|server s1|client c2|client c3|mount|on c2|umount|on s1|notify-inval-entry ino 1 name n3
mount-after-umount|client c1|client c2|mount|client c3|umount|on c1|mount
two-stores|server s1|on server|notify-store ino 3 offset 0 size 1|on s1|notify-store ino 3 offset 0 size 1
retrieve-before-ring|server s1|notify-retrieve ino 3 offset 0 size 0
sqpoll-before-mount|ring_flags sqpoll|sync_init|server s1|prepare queue 0
no-background|client c1|unlink n1|max-background 0|read ino 0 offset 0 size 0 background
no-background-after-abort|client c1|client c2|abort|on c1|max-background 0|client c3|write ino 0 offset 0 size 0 background
small-writes|max_write 1|server s1|prepare queue 0|serve|client c2|write ino 0 offset 0 size 4096
long-ioctl-over-dev|no_io_uring|server s1|read-dev as r0|answer-dev r0|client c2|ioctl ino 0 size 4097
init-by-thread|init_unanswered|client c1|on server|serve-dev|on c1|getattr ino 0
init-by-other-thread|init_unanswered|server s1|client c2|on s1|serve-dev|on c2|symlink n0 to n2
END

try "$URINGSIM" explore ./*.scenario --subject $subject --executions 1000 --timers 2 --faults 2
expect_status 0
expect_quiet
expect_out "total     12 scenarios, 0 failed"
finish
