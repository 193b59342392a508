# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034  # what it sets is read by who sources it
# For the tests of the command line: run something, then say what is expected of
# its status, output and complaint. Sourced.
set -u

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${URINGSIM:?path of the program}" "${URINGSIM_SUBJECTS:?folder of subjects}"
tmp=$(mktemp -d)
# a line per failed check: also one in a subshell counts
failures=$tmp.failures
: > "$failures"
tried='' status='' out='' err=''
trap 'end $?' EXIT

# end STATUS: a failed check makes a failure of whatever the test ends with, a skip too
end() {
	local status=$1

	if [[ -s $failures ]] && ((status == 0 || status == 77)); then
		status=1
	fi
	rm -rf "$tmp" "$failures"
	exit "$status"
}

# catches PID SIGNAL: wait until it does something about it. On a busy machine that takes
# more than a second, and until then a shell's background job ignores SIGINT, or is a shell
# itself, with what that does about signals
catches() {
	local caught number

	number=$(kill -l "$2")
	for _ in {1..600}; do
		[[ /proc/$1/exe -ef /proc/$$/exe ]] && { sleep 0.1; continue; }
		caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status")
		((0x${caught:-0} >> (number - 1) & 1)) && return
		sleep 0.1
	done
	fail "process $1 never said what SIG$2 is to do"
}

# try COMMAND...: afterwards $status, $out and $err are what came of it
try() {
	tried="$*"
	"$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	status=$?
	out=$(< "$tmp/out")
	err=$(< "$tmp/err")
}

fail() {
	echo "$1" >> "$failures"
	printf 'FAILED: %s\n  %s\n  status %s\n  stdout: %s\n  stderr: %s\n' \
		"$tried" "$1" "$status" "${out:0:2000}" "$err"
}

# a check whose name is mistyped must not pass
command_not_found_handle() {
	printf '%s: command not found\n' "$1" | tee -a "$failures" >&2
	return 127
}

expect_status() { [[ $status == "$1" ]] || fail "status should be $1"; }
expect_out() { [[ $out == *"$1"* ]] || fail "stdout should have: $1"; }
expect_err() { [[ $err == *"$1"* ]] || fail "stderr should have: $1"; }
expect_quiet() { [[ -z $err ]] || fail "stderr should be empty"; }

# expect_refusal TEXT [STATUS]: status 2, or that, and exactly one line, with TEXT in it
expect_refusal() {
	expect_status "${2:-2}"
	expect_err "$1"
	[[ $(wc -l < "$tmp/err") == 1 ]] || fail "one line is enough"
}

# first_subject: any that is built here; none: the test is skipped
first_subject() {
	local so
	for so in "$URINGSIM_SUBJECTS"/*.so; do
		[[ -e $so ]] || skip "no subject is built"
		subject=$(basename "$so" .so)
		return
	done
}

# kernel_tree VERSION: set $tree to a cached source, or skip the test
kernel_tree() {
	tree=${URINGSIM_CACHE:-}/sources/linux-$1
	[[ -e $tree ]] || skip "no source of Linux $1 in the cache"
	# one that is damaged is no reason to skip
	try "$root/tools/fetch-kernel" --cache "$URINGSIM_CACHE" --verify "$1"
	[[ $status == 0 ]] || { fail "the cached source of Linux $1 is damaged"; exit 1; }
}

skip() { echo "skipped: $*"; exit 77; }
finish() { [[ ! -s $failures ]] || exit 1; echo ok; }
