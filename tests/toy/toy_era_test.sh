#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A driver in the forms that io_uring had until 6.18, in a tree without headers of its own:
# it does what it does in today's forms, with both compilers' probes of a call's form; and
# a form that no era had gets one line.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"
: "${TOY:?program that has the toy driver}"
here=$root/tests/toy

mkdir -p "$tmp/tree/drivers/toy" "$tmp/subjects"
cp "$here"/tree/drivers/toy/* "$tmp/tree/drivers/toy/"
old=$tmp/tree/drivers/toy/toy.c
python3 - "$old" <<'END' || fail "tests/toy's driver is another one"
import sys
text = open(sys.argv[1]).read()
for new, old in (
        ("toy_deliver(struct io_tw_req tw_req, io_tw_token_t tw)",
         "toy_deliver(struct io_uring_cmd *cmd, unsigned int issue_flags)"),
        ("	struct io_uring_cmd *cmd = io_uring_cmd_from_tw(tw_req);\n", ""),
        ("tw.cancel ?", "issue_flags & IO_URING_F_TASK_DEAD ?"),
        ("io_uring_cmd_done(cmd, res, IO_URING_CMD_TASK_WORK_ISSUE_FLAGS)",
         "io_uring_cmd_done(cmd, res, 0, issue_flags)"),
        ("io_uring_cmd_done(cmd, -ECANCELED, issue_flags)",
         "io_uring_cmd_done(cmd, -ECANCELED, 0, issue_flags)"),
        ("io_uring_sqe128_cmd(cmd->sqe, struct toy_commit)", "io_uring_sqe_cmd(cmd->sqe)")):
    assert text.count(new) == 1, new
    text = text.replace(new, old)
open(sys.argv[1], "w").write(text)
END

# build MODE [ARGUMENT...]
build() {
	try "$root/tools/build-subject" --tree "$tmp/tree" --name toy --driver "$here/manifest.toml" \
		--out "$tmp/subjects/toy.so" --cc "${CC:-gcc}" --mode "$1" \
		--cflags "-O2 -g -DTOY_RACY=0" "${@:2}"
}
for mode in plain hooked; do
	build "$mode"
	expect_status 0; expect_quiet
done
# played: each answer arrives, a parked command is cancelled, nothing is left
export URINGSIM_SUBJECTS=$tmp/subjects
try "$TOY" run --subject toy
expect_status 0
expect_out "two-ask on toy: nothing found (1 checks)"
try "$TOY" explore --subject toy --strategy exhaustive --preemptions 2
expect_status 0
expect_out "two-ask on toy: nothing found"

# what a tree has of its own is used, unless its commands are laid out otherwise
mkdir -p "$tmp/tree/include/linux/io_uring"
sed 's/^	u8 unused\[8\];/	void (*task_work_cb)(struct io_uring_cmd *cmd, unsigned int issue_flags);/' \
	"$root/kernel_shim/own/linux/io_uring/cmd.h" > "$tmp/tree/include/linux/io_uring/cmd.h"
printf '#error of another layout\n' >> "$tmp/tree/include/linux/io_uring/cmd.h"
build plain
expect_status 0; expect_quiet
sed -i 's/void (.task_work_cb)(.*;/u8 unused[8];/' "$tmp/tree/include/linux/io_uring/cmd.h"
build plain
expect_refusal "include/linux/io_uring/cmd.h:"
rm -r "$tmp/tree/include"

# ---- what no era had: one line with file, line and what is missing ----
line=$(grep -n 'io_uring_cmd_complete_in_task' "$old" | cut -d: -f1)
sed -i 's/toy_deliver(struct io_uring_cmd \*cmd, unsigned int issue_flags)/toy_deliver(struct io_uring_cmd *cmd, unsigned int issue_flags, int more)/' "$old"
build plain
expect_refusal "drivers/toy/toy.c:$line uses a task work callback of type "
sed -i 's/, int more)/)/' "$old"
sed -i 's/io_uring_sqe_cmd(cmd->sqe)/io_uring_sqe256_cmd(cmd->sqe)/' "$old"
line=$(grep -n 'io_uring_sqe256_cmd' "$old" | cut -d: -f1)
build plain
expect_refusal "drivers/toy/toy.c:$line uses io_uring_sqe256_cmd(), which kernel_shim does not model"
finish
