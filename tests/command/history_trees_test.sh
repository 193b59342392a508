#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The known bugs in the trees that URINGSIM_TREES names: none is found where the probes say that it
# is not, and a short search finds what docs/history.md says that a long one finds soon.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
[[ -n ${URINGSIM_TREES:-} ]] || skip "URINGSIM_TREES names no trees"

try "$root/tools/history-table" --program "$URINGSIM" --keep "$tmp/kept" --executions 100 --programs 0 \
	--may-miss
expect_status 0
[[ $out != *"does not play"* ]] || fail "it should be played"
awk -F' *[|] *' '/^[|] tree /{ on = 1; next } !NF { on = 0 } on && $9 ~ /^[0-9]/ {
	print; if ($9 >= 10 && $10 < $9 / 2) bad = 1 } END { exit bad }' <<< "$out" ||
	fail "of the bugs that are in a tree half should be found"
finish
