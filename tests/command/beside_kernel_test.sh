#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# coverage/beside-kernel names the lines that a kernel alone reaches. What lcov says of
# both is made up.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

# info FILE NAME LINE,COUNT...: an lcov file
info() {
	local file=$1 name=$2
	shift 2
	printf 'TN:\nSF:%s\n' "$tmp/fs/fuse/$name" > "$file"
	printf 'DA:%s\n' "$@" >> "$file"
	echo end_of_record >> "$file"
}
beside() { try python3 -B "$root/coverage/beside.py" "$tmp/reasons" mine "$tmp/kernel" "$tmp/sim" "$tmp/tests"; }

: > "$tmp/reasons"
info "$tmp/kernel" dev_uring.c 10,5 11,0 12,1 13,1 20,1
info "$tmp/sim" dev_uring.c 10,1 11,1 12,0 13,0 14,1
beside
expect_status 1
expect_out "     4      3  75.0%     2  50.0%            -  mine:fs/fuse/dev_uring.c"
expect_out "  by the kernel alone: 12-13"
expect_out "  by the simulator alone: 11"

# some test gets to one of them; the other has a reason
info "$tmp/tests" dev_uring.c 10,1 11,1 12,3 13,0
echo "mine fs/fuse/dev_uring.c:13 the weather" > "$tmp/reasons"
beside
expect_status 0
expect_out "  by the kernel, and here by tests only: 12"
expect_out "  by the kernel alone, with a reason: 13"

# nothing was counted: not the same as nothing is missing
info "$tmp/sim" dev.c 10,1
beside
expect_status 1
expect_err "nothing is counted"

try "$root/coverage/beside-kernel" --nonsense
expect_refusal "unknown option"
try "$root/coverage/beside-kernel" --executions none
expect_refusal "not a number"
try "$root/coverage/beside-kernel" --guest "$tmp/missing"
expect_refusal "cannot read"
try "$root/coverage/beside-kernel" --guest "$tmp/kernel" linux-7.2 linux-7.3
expect_refusal "of one subject"
mkdir "$tmp/empty"
for tool in bash dirname; do ln -s "$(command -v "$tool")" "$tmp/empty/$tool"; done
try env PATH="$tmp/empty" "$root/coverage/beside-kernel"
expect_status 77
expect_out "lcov is not installed"
finish
