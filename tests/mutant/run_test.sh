#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/mutant/run itself: which mutants it refuses, and that it sees one that survives.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"
[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"
command -v patch > /dev/null || skip "patch is not installed"
# what all mutants have in common is built once
export URINGSIM_TESTS MUTANTS
URINGSIM_TESTS=$(dirname "$URINGSIM")/tests MUTANTS=$(dirname "$URINGSIM")/mutants
[[ -x $URINGSIM_TESTS/bufring_commit_test ]] || skip "bufring_commit_test is not built"

# mutant [SED...]: try a mutant that is good, with its patch changed
mutant() {
	local change=(-e '')
	for _; do change+=(-e "$_"); done
	sed "${change[@]}" "$root/tests/mutant/command-kept.patch" > "$tmp/odd.patch"
	try "$root/tests/mutant/run" "$tmp/odd.patch"
}

mutant
expect_status 0; expect_quiet
expect_out "found by bufring_commit_test: accounting: queue 0: entry 0 is in userspace and has a command"

# an assertion is named by what it asserts
try "$root/tests/mutant/run" "$root/tests/mutant/error-range-off-by-one.patch"
expect_status 0
expect_out " != 0xffffffffffffffea in assert_int_equal(call->ret, error);"

# no name of a test will do: it is printed whatever the test has found
name=$(sed -n 's/^only: //p' "$root/tests/mutant/command-kept.patch")
for says in "$name" "${name:2:6}" bufring_commit_test; do
	mutant "s/^says: .*/says: $says/"
	expect_status 1; expect_out "says: \"$says\" is the name of the test"
done
# nor words that cmocka prints anyway
for says in "FAILED TEST" "RUN  " "Running"; do
	mutant "s/^says: .*/says: $says/"
	expect_status 1; expect_out "does not say \"$says\""
done
mutant 's/^says: .*/says: buffer 9 is lost/'
expect_status 1; expect_out "fails (" ; expect_out "does not say \"buffer 9 is lost\""
expect_out "is in userspace and has a command" # what it says instead

mutant '/^says: /d'
expect_status 1; expect_out "no says:"
mutant 's/^only: .*/only: no_such_test/'
expect_status 1; expect_out "has no test *no_such_test*"
mutant 's/^test: .*/test: no_such_program/'
expect_status 1; expect_out "names no test that is built"
mutant 's/^-\(.*cmd = NULL;\)/&\n+\1 \/* as it was *\//' 's/^@@.*/@@ -389,7 +389,7 @@/'
expect_status 1; expect_out "survives bufring_commit_test"
mutant 's/^-.*cmd = NULL.*/&\n+	no_such_function();/' 's/^@@.*/@@ -389,7 +389,7 @@/'
expect_status 1; expect_out "does not compile"; expect_out "no_such_function"
mutant 's/^-.*cmd = NULL;/-	nothing_like_this();/'
expect_status 1; expect_out "no longer fits the source"
finish
