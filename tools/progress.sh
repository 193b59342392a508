# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What takes long says every few seconds, on stderr, how far it is. Sourced.

progress_seconds=${URINGSIM_PROGRESS_SECONDS:-4}

# last_words LOG: its last line, short; of ninja's lines the count
last_words() {
	local line
	line=$(tail -c 400 "$1" 2> /dev/null | tr '\r' '\n' | grep -a . | tail -n 1) || true
	if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]]; then
		line="${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}: ${BASH_REMATCH[3]}"
	fi
	printf '%s' "${line:0:90}"
}

# progress_start WHAT COMMAND...: what COMMAND prints, every few seconds, until progress_stop
progress_start() {
	(
		what=$1
		shift
		trap 'kill "$sleeper" 2> /dev/null; exit' TERM
		# an interrupt reaches the caller alone
		while sleep "$progress_seconds" & sleeper=$!; wait "$sleeper" && kill -0 $$ 2> /dev/null; do
			printf '%s: %s\n' "$what" "$("$@")" >&2
		done
	) &
	progress_watcher=$!
}

progress_stop() {
	kill "$progress_watcher" 2> /dev/null || true
	wait "$progress_watcher" 2> /dev/null || true
}

# with_progress WHAT LOG COMMAND...: run it, everything that it says into LOG. What
# ends quickly says nothing.
with_progress() {
	local what=$1 log=$2 status=0
	shift 2
	: > "$log"
	progress_start "$what" last_words "$log"
	"$@" > "$log" 2>&1 || status=$?
	progress_stop
	return "$status"
}
