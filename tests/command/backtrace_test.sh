#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A fiber's stack reads well in gdb: from the kernel function down to the first
# function of its fiber, at the same addresses in every run.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

command -v gdb > /dev/null || skip "gdb is not installed"
first_subject

# shellcheck disable=SC2016 # $sp is gdb's
stack() {
	gdb -nx -batch -ex 'set breakpoint pending on' -ex 'set debuginfod enabled off' \
		-ex 'break fuse_uring_cmd' \
		-ex "run run round-trip --subject $subject > /dev/null" -ex 'backtrace' -ex 'p $sp' \
		-ex kill "$URINGSIM"
}

try stack
expect_status 0
expect_out "fuse_uring_cmd (cmd=0x200"
expect_out "sys_io_uring_enter"
expect_out "fiber_first"
[[ $out != *"corrupt stack"* && $out != *"previous frame"* ]] || fail "the unwinder lost its way"
sp=$(grep -o '(void \*) 0x30[0-9a-f]*' <<< "$out")
[[ -n $sp ]] || fail "the stack should be a fiber's"

try stack
[[ $sp == "$(grep -o '(void \*) 0x30[0-9a-f]*' <<< "$out")" ]] ||
	fail "the stack pointer differs from the first run"
finish
