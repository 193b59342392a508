# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154  # what it sets is read where it is sourced, and the reverse
# For tests of searches on several machines: a tree with a bug, the search that one process
# makes, and a program of which some parts are killed. Sourced, after tests/command/lib.sh.
# shellcheck source=tests/command/history_lib.sh
. "$root/tests/command/history_lib.sh"

export URINGSIM_CACHE=$tmp/cache
cd "$tmp" || exit 1
started=()

# at_end: services that the test started end with it
at_end() {
	local status=$1 pid
	for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done
	for pid in "${started[@]}"; do
		for _ in {1..50}; do kill -0 "$pid" 2> /dev/null || break; sleep 0.1; done
		kill -9 "$pid" 2> /dev/null
	done
	end "$status"
}
trap 'at_end $?' EXIT

# wait_for WHAT COMMAND...: until COMMAND succeeds, at most a minute
wait_for() {
	local what=$1
	shift
	for _ in {1..300}; do
		"$@" > /dev/null 2>&1 && return
		sleep 0.2
	done
	fail "$what did not come within a minute"
	return 1
}

# free_port: a port of 127.0.0.1 that nobody listens at now
free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

cp -r "$root/sim/kernel" tree
break_tree tree

# mortal NAME: a program that is uringsim, but which kills, once each, what the script
# NAME.PART says in the middle of part PART; "starts" has a line for each start
mortal() {
	cat > "$1" << PROGRAM
#!/bin/bash
part=\$(sed -n 's,.*--shard \([0-9]*\)/.*--schedules $tmp/$1[.]out/schedules .*,\1,p' <<< "\$*")
[[ ! \$part ]] || echo "\$part" >> "$tmp/$1.starts"
if [[ ! \$part || ! -e $tmp/$1.\$part ]]; then exec "$URINGSIM" "\$@"; fi
mv "$tmp/$1.\$part" "$tmp/$1.\$part.done"
"$URINGSIM" "\$@" &
search=\$!
sleep 0.3
# it has to be in the middle of its search
kill -0 "\$search" || echo "part \$part was done" >> "$tmp/$1.late"
. "$tmp/$1.\$part.done"
sleep 60
PROGRAM
	chmod +x "$1"
}

# starts NAME N: how often part N was started
starts() { grep -cx "$2" "$1.starts"; }

# same_result ONE MERGED: all but times, and which execution of a group is shown
same_result() {
	tried="compare $1 $2"
	python3 - "$1" "$2" <<'PY' || fail "$2 is not what one process finds"
import json, os, sys

def essence(path):
    found = {}
    for result in json.load(open(path, encoding="utf-8")):
        kept = {key: value for key, value in result.items() if key not in
                ("cpu_s", "wall_s", "executions_per_cpu_s", "peak_rss_kb", "failures")}
        kept["sources"].sort(key=lambda file: file["path"])
        kept["suppressed"].sort(key=lambda entry: (entry["file"], entry["line"]))
        kept["failures"] = sorted((f["report_group"], f["kind"], f["count"]) for f in result["failures"])
        assert all(os.path.getsize(f["schedule"]) for f in result["failures"]), "no schedule"
        found[result["scenario"]] = kept
    return found

one, merged = map(essence, sys.argv[1:])
assert any(result["failures"] for result in one.values()), "nothing is found at all"
if one != merged:
    for name in one:
        for key in one[name]:
            if one[name][key] != merged.get(name, {}).get(key):
                print(name, key, one[name][key], merged.get(name, {}).get(key), sep="\n  ")
    sys.exit(1)
PY
}

# the same in one process: random orders of several scenarios, and a bounded exhaustive search
random=(exit-one-thread abort bad-day --tree "$tmp/tree" --executions "${URINGSIM_CLUSTER_EXECUTIONS:-6000}")
bounded=(exit-one-thread --tree "$tmp/tree" --strategy exhaustive --preemptions 2 --suppress none)
alone() {
	try "$URINGSIM" explore "${random[@]}" --json "$tmp/random.json" --schedules one -q
	expect_status 1
	try "$URINGSIM" explore "${bounded[@]}" --json "$tmp/bounded.json" --schedules one -q
	expect_status 1
}
