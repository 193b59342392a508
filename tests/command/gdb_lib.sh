# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034  # what it sets is read by who sources it
# For the tests that run gdb: subjects with a mistake, and sessions. Sourced.
# shellcheck source=tests/command/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# what counts executed lines goes with nothing else
[[ ! -e $(dirname "$URINGSIM_SUBJECTS")/subject-work/bufring/obj/fs-fuse-dev.c.gcno ]] ||
	skip "the subjects' objects have counters"
command -v gdb > /dev/null || skip "gdb is not installed"
[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"
work=$(dirname "$URINGSIM_SUBJECTS")/subject-work/bufring
cd "$tmp" || exit 1
schedule='' # what the next session plays
export HOME=$tmp DEBUGINFOD_URLS=''

# mutant NAME FILE SED [MODE]: subject bufring with a mistake, from now on
mutant() {
	mkdir -p "overlay-$1"
	sed "$3" "$root/sim/kernel/fs/fuse/$2" > "overlay-$1/$2"
	! cmp -s "$root/sim/kernel/fs/fuse/$2" "overlay-$1/$2" || fail "mutant $1 is no mutant"
	"$root/tools/build-subject" --tree "$root/sim/kernel" --name bufring --out "$tmp/$1/bufring.so" \
		--cc "${CC:-gcc}" --place-map "$(dirname "$URINGSIM")/place-map" \
		--mode "${4:-plain}" --reuse "$work${4:+.$4}" --overlay "$tmp/overlay-$1/$2"
	export URINGSIM_SUBJECTS=$tmp/$1
}

# session COMMAND...: gdb, with the commands, after the failure of $schedule was reached
session() {
	local words=()
	for word; do words+=(-ex "$word"); done
	try gdb -nx -batch -x "$root/tools/gdb/uringsim.py" "${words[@]}" \
		--args "$URINGSIM" replay --once "$schedule"
	[[ $out$err != *Traceback* ]] || fail "a command had a traceback"
}
