#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The tests of the command line themselves: no failed check is lost, whatever a test
# ends with and wherever the check was.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

# test_of LINE...: try a test that has these lines
test_of() {
	{ printf '. "%s"\n' "$root/tests/command/lib.sh"; printf '%s\n' "$@"; } > "$tmp/a_test.sh"
	try bash "$tmp/a_test.sh"
}

test_of 'try true; expect_status 0' finish
expect_status 0; expect_out ok
test_of 'skip "no reason"'
expect_status 77; expect_out "skipped: no reason"
test_of 'try true; expect_status 0' 'skip "after a check that held"'
expect_status 77

# each of these has a failed check
test_of 'try false; expect_status 0' finish
expect_status 1; expect_out "status should be 0"
test_of 'try false; expect_status 0' 'skip "too late"'
expect_status 1; expect_out "skipped: too late"
test_of 'try false; expect_status 0' 'exit 0'
expect_status 1
test_of 'try false; expect_status 0' # nobody calls finish
expect_status 1
test_of 'try false; expect_status 0' 'exit 3'
expect_status 3
test_of 'try echo no; (expect_out yes)' finish
expect_status 1; expect_out "stdout should have: yes"
test_of 'try echo no; echo | while read -r _; do expect_out yes; done' finish
expect_status 1
test_of 'try echo no; expect_outt no' finish
expect_status 1; expect_err "expect_outt: command not found"
test_of 'fail "by hand"' finish
expect_status 1; expect_out "by hand"

# a cached source that is not there is a reason to skip, a damaged one is none
export URINGSIM_CACHE=$tmp/cache
test_of 'kernel_tree 7.3' finish
expect_status 77; expect_out "no source of Linux 7.3"
mkdir -p "$tmp/cache/sources/linux-7.3"
test_of 'kernel_tree 7.3' finish
expect_status 1; expect_out "is damaged"

# nothing is left behind
mkdir "$tmp/empty"
TMPDIR=$tmp/empty test_of 'try false; expect_status 0' finish
[[ -z $(ls -A "$tmp/empty") ]] || fail "there is something left"
finish
