#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What fuzz once said of Linux and was the simulator's mistake, or the server's: each line is a
# scenario that it had made small, and nothing is found in it but what a scenario of fuzz may have.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
subject=linux-7.3
[[ -e $URINGSIM_SUBJECTS/$subject.so ]] || skip "subject $subject is not built"

# write_scenarios FOLDER: the lines of the input
write_scenarios()
{
	mkdir -p "$1"
	while IFS='|' read -r name lines; do
		{
			printf 'scenario fuzz-%s\nmay_be_rejected\n' "$name"
			tr '|' '\n' <<< "$lines"
		} > "$1/$name.scenario"
	done
}

write_scenarios . <<'END'
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
two-execs|server s1|exec|server s2|exec
call-of-a-user|client c1 unprivileged|server s2|register queue 0 entry 0|serve|on c1|setxattr name n1 ino 0 size 5
one-entry-twice|entries 2|client c1|rename n1 to n1|server s2|prepare queue 0|set-up|on s2|serve|client c3|getattr ino 0|server s4|prepare queue 0
background-over-dev|entries 2|max_background 2|server s1|prepare queue 0|client c2|release ino 0|release ino 0|release ino 0|on s1|read-dev as r0|answer-dev r0
killed-in-background|seconds 1|client c1|getattr ino 0|client c2|read ino 0 offset 0 size 0 background|client c3|kill c2|server s4|prepare queue 0
two-read-the-device|payload bufpool|server s1|answer-init|server s2|register queue 0 entry 0|client c3|client c4|readdirplus|server s5|read-dev as r0|answer-dev r0|on c3|getattr ino 0
pool-too-long|payload bufpool|server s1|add-bufpool queue 0 pool-len +8192|server s2|add-queue queue 0|register queue 0 entry 0|client c3|readdirplus|on s2|serve
long-read-and-time-out|payload bufpool|request_timeout 2|client c1|read ino 2 offset 0 size 32768|server s2|prepare queue 0|take as r0|sleep 15|answer r0
two-answer-one|payload bufpool|zero_copy|server s1|prepare queue 0|take as r0|sleep 15|answer r0|client c2|read ino 2 offset 0 size 1|server s3|sleep 15|answer r0
clone-of-nothing|payload bufpool-fixed|client c1|read ino 0 offset 0 size 0|server s2|clone-buffers s2|prepare queue 0
two-queues-one-ring-closed|cpus 2|server s1|prepare queue 0|close-ring-fd|prepare queue 1|serve|client c2|listxattr ino 0
threads-end-at-once|init_unanswered|server s1 large-sqes sqpoll|add-queue queue 0|server s2|add-queue queue 0|server s3
worker-registers|cpus 3|payload bufpool-fixed|init_unanswered|server s1|add-queue queue 0|server s2|server s3|add-queue queue 0|on s2|read-dev as r0|answer-dev r0
time-is-over|seconds 30|entries 2|max_pages 8|request_timeout 2|client c1|client c2|read ino 0 offset 0 size 0 background|abort|server s3|prepare queue 0|on c1|read ino 0 offset 0 size 0
no-background-later|max_background 1|client c1|getattr ino 0|client c2|read ino 0 offset 0 size 0 background|on c1|max-background 0|read ino 0 offset 0 size 0 background
limit-and-umount|client c1|client c2|max-background 0|on c1|umount
on-dev-for-ever|max_background 1|server s1|prepare queue 0|serve|client c2|client c3|release ino 0|on c2|release ino 0|write ino 0 offset 0 size 0 background
answer-on-another-ring|payload bufpool-fixed|server s1|prepare queue 0|take as r0|close-ring-fd|answer r0|client c2|getattr ino 0
ring-without-table|cpus 2|payload bufpool-fixed|server s1|prepare queue 0|set-up|on s1|prepare queue 1|share-ring server|client c2 cpu 1|readdir
entry-without-slot|payload bufpool|zero_copy|server s1|prepare queue 0|client c2|on s1|register queue 0 entry 1|on c2|read ino 0 offset 0 size 0
one-array-of-iovecs|cpus 2|payload bufpool|server s1|prepare queue 1|server s2|register queue 0 entry 0 sent-queue +1
two-zero-copies|cpus 2|payload bufpool|zero_copy|client c1|server s2|prepare queue 0|serve|on c1|read ino 2 offset 1 size 1|client c3 cpu 1|read ino 2 offset 0 size 1|server s4|prepare queue 1|serve
more-than-a-payload|cpus 2|payload bufpool|zero_copy|client c1|read ino 2 offset 0 size 12288 background|server s2|prepare queue 0|prepare queue 1|serve
other-ring-later|cpus 2|entries 3|client c1|read ino 0 offset 0 size 0 background|has s2 share-ring server|poll ino 0|server s2|prepare queue 1|prepare queue 0|serve
forked-and-ended|server s1|server s2|server s3|fork s2|client c4|read ino 0 offset 0 size 0|has s1 read-dev
sent-to-another-queue|cpus 2|server s1|register queue 1 entry 1 sent-queue 0|prepare queue 1|serve|client c2|getattr ino 0
number-of-another-file|sync_init|server s1|exec|set-up|client c2|mount|server s3|prepare queue 0
sqpoll-with-its-number|entries 4|sync_init|server s1|exec|set-up|client c2|mount|readdir|server s3 submit-all single-issuer cqsize sqpoll mixed-sqes|prepare queue 0|on s1|sync-cancel within 64
longer-than-it-reads|init_unanswered|server s1|answer-init no-io-uring|server s2|read-dev size 8192|client c3|write ino 0 offset 0 size 8192
fetched-after-the-abort|ring_flags submit-all single-issuer defer-taskrun coop-taskrun mixed-sqes|entries 2|payload shared|max_pages 8|request_timeout 15|zero_copy|server s1|serve 2|client c2|read ino 2 offset 0 size 32768|server s3|on c2|getattr ino 6|on s3|prepare queue 0|answer-init error EIO major 3 no-io-uring|sleep 15|serve
linked-on-a-shared-ring|cpus 2|entries 2|payload bufpool|zero_copy|server s1|prepare queue 1|take as r0|answer-linked r0|server s2|prepare queue 0|share-ring s1|client c3|read ino 2 offset 0 size 1
none-in-background-for-a-time|max_background 1|request_timeout 2|server s1|prepare queue 0|prepare queue 0|client c2|client c3|client c4|on c3|read ino 0 offset 0 size 0 background|on c2|read ino 0 offset 0 size 0 background|read ino 0 offset 0 size 0|has c4 max-background 1|max-background 0
more-than-can-be-seen|entries 8|payload bufpool|zero_copy|init_unanswered|client c1|server s2|prepare queue 0|prepare queue 0|serve-dev|on c1|listxattr ino 2|server s3|prepare queue 0|server s4|prepare queue 0|serve
retrieved-twice-as-0|entries 2|server s1|prepare queue 0|take|serve|on server|notify-retrieve ino 2 offset 0 size 0|client c2|on server|notify-retrieve ino 2 offset 0 size 0|on c2|write ino 0 offset 0 size 0
forked-twice|server s1|server s2|fork s1|prepare queue 0|set-up|on s2|fork s1
forked-later|server s1|register queue 0 entry 0|client c2|server s3|on c2|has s3 fork s1
two-releases|client c1|release ino 0|release ino 0|server s2|server s3|read-dev as r0|answer-dev r0 error EINVAL|on s2|read-dev
shared-while-made|request_timeout 2|client c1|lookup f4|server s2|prepare queue 0|server s3|has s2 share-ring s3|prepare queue 0|serve
killed-at-a-lock|entries 2|payload shared|max_write 4096|max_pages 1|request_timeout 15|client c1|read ino 2 offset 0 size 32768|server s2|prepare queue 0|prepare queue 0|sleep 15|serve
another-queue-ended|cpus 2|entries 2|max_background 2|server s1|prepare queue 0|prepare queue 1|client c2|read ino 0 offset 0 size 0 background|client c3|read ino 0 offset 0 size 0 background|client c4 cpu 1|read ino 0 offset 0 size 0 background
unmounted-between-pieces|client c1|server s2|prepare queue 0|serve|client c3|write ino 0 offset 0 size 12288|on c1|umount
number-of-another|entries 2|client c1|read ino 0 offset 0 size 0|read ino 0 offset 0 size 0|server s2|prepare queue 0|take as r0|answer r0 commit-id -2|serve|client c3|symlink n2 to n0
answered-twice|client c1|getattr ino 0|client c2|getattr ino 0|server s3|prepare queue 0|take as r0|answer r0|answer r0|serve
share-ring-of-itself|server s1|share-ring server|share-ring s1
older-than-any|init_unanswered|client c1|symlink n1 to n1|server s2|answer-init major 1|serve-dev
left-in-the-ring|ring_flags single-issuer defer-taskrun coop-taskrun taskrun-flag fixed-file mixed-sqes|server s1|prepare queue 1|serve|server s2|share-ring s1|client c3|on s2|prepare queue 0|on c3|read ino 0 offset 0 size 0 background
retrieved-twice|entries 2|server s1|prepare queue 0|take|serve|on server|notify-retrieve ino 2 offset 0 size 0 unique 7|client c2|on server|notify-retrieve ino 2 offset 0 size 0 unique 7|on c2|write ino 0 offset 0 size 0
retrieved-by-a-number-of-the-kernel|entries 2|server s1|prepare queue 0|take|serve|on server|notify-retrieve ino 2 offset 0 size 0 unique 4|client c2|write ino 0 offset 0 size 0|getattr ino 0
more-than-is-seen|entries 8|server s1|prepare queue 0|server s2|prepare queue 0|on s1|prepare queue 0|client c3|getattr ino 0|server s4|prepare queue 0|serve|server s5|prepare queue 0
as-many-as-are-seen|entries 8|payload bufpool|request_timeout 2|server s1|prepare queue 0|server s2|prepare queue 0|server s3|prepare queue 0|server s4|prepare queue 0|set-up|client c5|write ino 0 offset 0 size 0
payload-over-header|client c1|read ino 2 offset 0 size 32768|server s2|register queue 0 entry 0 payload-at -8192|serve
own-umount-without-background|client c1|write ino 0 offset 0 size 0|max-background 0|umount|client c2|read ino 0 offset 0 size 0 background
hour-is-over|ring_flags single-issuer defer-taskrun|server s1|prepare queue 0|sleep 3599|sleep 60|client c2|sleep 3590|getattr ino 0|client c3|sleep 3595|abort
work-held-up|request_timeout 1|client c1|getattr ino 2|server s2|prepare queue 0|take|sleep 3590
between-two-pieces|server s1|prepare queue 0|serve|client c2|getattr ino 0|client c3|write ino 0 offset 0 size 12288
stored-and-retrieved|server s1|prepare queue 0|server s2|notify-retrieve ino 7 offset 0 size 1 unique 1|on server|notify-store ino 7 offset 0 size 8192
answered-and-linked|payload bufpool|zero_copy|server s1|prepare queue 0|take as r0|client c2|rename n1 to n1|on s1|answer r0|answer-linked r0|serve|client c3|read ino 0 offset 0 size 0
one-of-two-alike|payload bufpool|max_background 1|request_timeout 1|client c1|read ino 0 offset 0 size 0 background|client c2|read ino 0 offset 0 size 0 background|read ino 0 offset 0 size 0 background|on server|prepare queue 0|client c3|read ino 0 offset 0 size 0 background|on server|kill server|server s4|prepare queue 0|set-up|on s4|serve|server s5|register queue 0 entry 0
registered-by-one-who-left|cpus 2|payload bufpool-fixed|buffers 3|max_write 12288|max_background 1|server s1|prepare queue 0|serve|client c2|getattr ino 2|client c3|setxattr name n1 ino 2 size 4096|client c4|on c3|has c4 kill s1|getattr ino 2|server s5|prepare queue 0|prepare queue 1|serve
behind-a-later-one|entries 2|request_timeout 2|server s1|register queue 0 entry 0|take as r0|sleep 17|answer r0|client c2|getattr ino 3|client c3|sleep 1|getattr ino 0|server s4|sleep 15|register queue 0 entry 1|take as r1|sleep 20|client c5|sleep 16|getattr ino 2
killed-while-it-flushes|client c1|getattr ino 0|server s2|prepare queue 0|client c3|flush ino 0|client c4|kill c3
created-before-any-version|init_unanswered|server s1|answer-init error EAGAIN|read-dev as r0|client c2|on s1|answer-dev r0|on c2|create n3
answered-behind-the-end|payload bufpool|zero_copy|server s1|prepare queue 0|take as r0|answer-linked r0|client c2|read ino 0 offset 0 size 1
ring-waits-for-a-mount|sync_init|server s1|register queue 0 entry 0|server s2|register queue 0 entry 0|share-ring s1
shorter-in-a-common-vector|payload bufpool|server s1|server s2|prepare queue 0|on s1|register queue 0 entry 0 headers-len -288
zero-copy-without-table|ring_flags submit-all single-issuer fixed-file sqpoll mixed-sqes|payload bufpool|zero_copy|server s1|serve|server s2|share-ring s1|add-queue queue 0|add-bufpool queue 0|client c3|read ino 0 offset 0 size 0|on s2|register queue 0 entry 0
error-after-the-answer|client c1|open ino 0|server s2|prepare queue 0|take as r0|answer r0|server s3|sleep 1|answer r0 error EAGAIN
zero-copy-answered-on-another-ring|payload bufpool|zero_copy|client c1|write ino 0 offset 0 size 1|server s2|prepare queue 0|take as r0|server s3|sleep 1|poll-event|answer r0
zero-copy-on-another-ring-later|payload bufpool|zero_copy|client c1|open ino 0|sleep 2|write ino 0 offset 0 size 1|server s2|prepare queue 0|take as r0|server s3|sleep 1|answer r0
sq-thread-waits-for-a-mount|ring_flags sqpoll|sync_init|server s1|prepare queue 0|server s2|clone-buffers s1
seen-after-a-large-write|payload bufpool|zero_copy|client c1|write ino 0 offset 0 size 65536 background|client c2|getattr ino 0|server s3|prepare queue 0|serve
earlier-call-in-background|max_background 1|request_timeout 2|client c1|write ino 0 offset 0 size 0 background|max-background 0|server s2|prepare queue 0|client c3|write ino 0 offset 0 size 0 background|server s4|prepare queue 0|take|sleep 15|on c3|write ino 0 offset 0 size 0 background
seen-by-another-thread|entries 2|server s1|serve|client c2|read ino 0 offset 0 size 0 background|client c3|read ino 0 offset 0 size 0|server s4|on s1|share-ring s4|on s4|prepare queue 0
pool-of-more|entries 2|payload bufpool|buffers 1|client c1|read ino 2 offset 0 size 4096|client c2|read ino 2 offset 0 size 4096|server s3|add-queue queue 0|add-bufpool queue 0 pool-len +1048576|register queue 0 entry 0|register queue 0 entry 1|serve
closed-while-time-goes-on|server s1|prepare queue 0|close-ring|take within 414|client c2|poll ino 0
next-request-remapped|entries 2|server s1|prepare queue 0|take as r0|answer r0|remap r0|serve|client c2|getattr ino 0|client c3|getattr ino 0
answer-of-none|cpus 2|seconds 1|server s1|prepare queue 1|serve|client c2|server s3|register queue 0 entry 0|on c2|getattr ino 0|server s4|share-ring s1|register queue 0 entry 0 op +1
stored-while-it-is-sent|on server|notify-store ino 2 offset 0 size 8192|notify-store ino 2 offset 0 size 1|server s1|server s2|prepare queue 0|on s1|notify-retrieve ino 2 offset 0 size 1 unique 1
two-writes-larger-than-the-room|payload bufpool|max_pages 32|client c1|write ino 0 offset 0 size 127985 background|server s2|prepare queue 0|client c3|write ino 0 offset 0 size 65536 background|setxattr name n3 ino 0 size 105731|on s2|serve
pages-that-another-ended|cpus 2|entries 2|payload bufpool|zero_copy|server s1|prepare queue 0|prepare queue 1|serve|set-up|client c2|read ino 0 offset 0 size 0|server s3|register queue 0 entry 0|take as r0|answer r0 commit-id +2|client c4|read ino 2 offset 0 size 1
slot-that-another-thread-rewrites|entries 2|server s|prepare queue 0|take as t|server r|rewrite t error -1 unique +1 out-len +1 payload-size +1 payload +1|client c|read ino 2 offset 0 size 512|on s|answer t|serve
sqe-that-another-thread-rewrites|entries 2|server s|prepare queue 0|server r|rewrite-sqe s queue +0 commit-id +1 flags +0 buf-index +0 zero-copy-index +0 iovecs +0|client c|getattr ino 2|on s|serve
END
# ... of our own ring of buffers, which no other subject has; the interrupt was a mistake of ours
write_scenarios own <<'END'
ring-of-one-who-was-refused|payload bufring|client c1|rename n1 to n0|server s2|register queue 0 entry 0 payload-at 0|server s3|register queue 0 entry 0
ring-of-one-who-was-refused-serves|payload bufring|client c1|getattr ino 0|server s2|register queue 0 entry 0 payload-at 0|server s3|register queue 0 entry 0|serve
longer-than-it-is|payload bufring|client c1|getattr ino 0|client c2|getattr ino 0|server s3|register queue 0 entry 0 payload-len +1048576|serve
read-by-one-who-was-forked|no_io_uring|client c1|copy-range ino 0 offset 0 to-ino 0 to-offset 0 size 0|server s2|server s3|fork s2|set-up|on s2|read-dev
interrupt-never-sent|client c1|getattr ino 0|server s2|read-dev as r0|answer-dev r0 error EAGAIN unique +1|answer-dev r0
slot-of-another|entries 4|payload bufring|client c1|write ino 0 offset 0 size 0|readlink ino 0|client c2|server s3|register queue 0 entry 0 buf-index +1|serve 1|server s4|prepare queue 0|on c2|write ino 0 offset 0 size 1 background|on s4|serve
fewer-buffers-than-it-has|entries 2|payload bufring|classes 2|server s1|register queue 0 entry 0 class-number -1|serve|client c2|write ino 0 offset 0 size 8192
regions-nobody-looks-for|entries 2|payload bufring|server s1|register queue 0 entry 0 flags +2|serve|server s2|register queue 0 entry 1 flags +2|serve|client c2|write ino 3 offset 0 size 100|client c3|write ino 2 offset 0 size 100
mapped-by-two-losers|entries 3|payload bufring|pinned|server s1|register queue 0 entry 0|server s2|register queue 0 entry 0|server s3|register queue 0 entry 0 flags 0
answered-by-a-second-thread|cpus 2|server s1|client c2|on s1|prepare queue 0|take as r0|answer r0|on c2|getattr ino 0|server s3|prepare queue 1|client c4|on s3|answer r0|serve|on c4|getattr ino 0
answered-by-a-second-in-background|cpus 2|entries 2|max_background 1|server s1|client c2|on s1|prepare queue 0|take as r0|answer r0|on c2|getattr ino 0|server s3|prepare queue 1|client c4|on s3|answer r0|serve|on c4|getattr ino 0|client c5|read ino 0 offset 0 size 0 background|read ino 0 offset 0 size 0 background
mapped-for-two-queues|cpus 2|payload bufring|pinned|server s1|prepare queue 0|server s2|register queue 0 entry 0 sent-queue +1|client c3|read ino 0 offset 0 size 0|client c4 cpu 1|read ino 0 offset 0 size 0
END

try "$URINGSIM" explore ./*.scenario --subject $subject --executions 1000 --timers 2 --faults 2
expect_status 0
expect_quiet
expect_out "total     94 scenarios, 0 failed"
try "$URINGSIM" explore own/*.scenario --subject bufring --executions 3000 --timers 2 --faults 2
expect_status 0
expect_quiet
expect_out "total     12 scenarios, 0 failed"
# what random orders hardly come to
try "$URINGSIM" explore own/answered-by-*.scenario --subject bufring --strategy pct --executions 1000
expect_status 0
expect_quiet
try "$URINGSIM" explore pages-that-another-ended.scenario --subject $subject --executions 3000 --timers 2 --faults 2
expect_status 0
try "$URINGSIM" explore fetched-after-the-abort.scenario --subject $subject --executions 6000 --timers 2 --faults 2
expect_status 0
try "$URINGSIM" explore unmounted-between-pieces.scenario --subject $subject --strategy exhaustive --preemptions 1
expect_status 0
# a file of fuzz has the room that it has in fuzz, one of yours all there is
for has in may_be_rejected:ENOSPC '#:65536'; do
	cat > room.scenario <<-END
		scenario room
		${has%:*}
		max_pages 16
		server s
			prepare queue 0
			serve
		client c
		$(printf '\twrite ino 2 offset 0 size 65536%s\n' '' '' '' '' ' as last')
		expect last result ${has#*:}
	END
	try "$URINGSIM" explore room.scenario --subject $subject --executions 3
	expect_status 0
done
finish
