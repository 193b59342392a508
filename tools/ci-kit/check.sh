#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: check.sh BASE..HEAD [ARGUMENT OF CHECK...]
# uringsim check for a CI job: plays each commit of a merge request, and leaves what the job keeps:
# check.md, check.json, check.xml (JUnit), and a page and a schedule of each failure that is new.
# Any POSIX shell. In the environment:
#
#   URINGSIM            the program [build/release/uringsim above this folder, else of PATH]
#   URINGSIM_CACHE      what is to be kept from job to job [~/.cache/uringsim]
#   URINGSIM_ARTIFACTS  the folder for what the job keeps [uringsim-artifacts]
#   URINGSIM_PAGES      at most so many pages of failures [10]
#
# The repository is the current folder, or --tree REPO. Exit status: that of uringsim check: 0 nothing
# is new, 1 something is, 5 nothing is, but a commit does not build; 2 wrong usage.
set -eu

die() {
	printf 'check.sh: %s\n' "$1" >&2
	exit 2
}

case ${1:-} in
-h | --help)
	sed -n '3,/^set /{/^set /d; s/^# \{0,1\}//p;}' "$0"
	exit 0
	;;
?*..?*) range=$1 ;;
*) die "usage: check.sh BASE..HEAD [ARGUMENT OF CHECK...]" ;;
esac
shift

program=${URINGSIM:-$(dirname "$0")/../../build/release/uringsim}
[ "${URINGSIM:-}" ] || [ -x "$program" ] || program=uringsim
command -v "$program" > /dev/null || die "there is no $program; URINGSIM names it"
out=${URINGSIM_ARTIFACTS:-uringsim-artifacts}
mkdir -p "$out" 2> /dev/null || die "cannot make the folder $out"

# a job that is stopped has nothing of an earlier one
rm -rf "$out/check.md" "$out/check.json" "$out/check.xml" "$out/schedules" "$out"/*.html
status=0
"$program" check "$range" --json "$out/check.json" --junit "$out/check.xml" --page "$out/check.md" \
	--schedules "$out/schedules" "$@" || status=$?

# what was fixed has a schedule, too; its page would show a failure of an earlier commit
made=0
if [ "$status" = 1 ]; then
	for schedule in "$out"/schedules/*.schedule; do
		if [ ! -e "$schedule" ] || [ "$made" -ge "${URINGSIM_PAGES:-10}" ]; then break; fi
		"$program" report "$schedule" --output "$out/$(basename "$schedule" .schedule).html" ||
			printf 'check.sh: there is no page of %s\n' "$schedule" >&2
		made=$((made + 1))
	done
fi
exit "$status"
