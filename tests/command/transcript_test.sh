#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Searches of the models, what they find, the schedules that they keep, these shrunk and
# replayed: all of it is the same every time, so it is compared with a transcript. Times,
# memory, numbers of source lines and what depends on them, and frames of stacks, which are
# the compiler's business, are left out.
#
# After a change of what is printed: tests/command/transcript_test.sh --update, and read
# what git diff shows. URINGSIM and URINGSIM_SUBJECTS as for all of these tests.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
transcript=$house/tests/command/transcript.txt
cd "$tmp" || exit 1

steady() {
	sed -E -e '/executions per CPU second/d' \
		-e 's/(\.c:)[0-9]+/\1N/g' -e 's/-[0-9a-f]{8}(\.schedule)/-HASH\1/g' \
		-e '/^ +[a-z_0-9]+ \([a-z_/]+\.c:N\)$/d' \
		-e '/^(trace|end|version) /d'
}

# say COMMAND...: itself, what it prints, its status
say() {
	printf '$ %s\n' "$*"
	"$URINGSIM" "$@" 2>&1
	printf 'status %s\n\n' "$?"
}

# all NAME: each schedule in folder NAME: as it was kept, shrunk, replayed
all() {
	for file in "$1"/*.schedule; do
		printf '%s\n' "--- $file"
		cat "$file"
		say shrink "$file"
		printf '%s\n' "--- $file.min"
		cat "$file.min"
		say replay "$file.min"
	done
}

results() {
	python3 - "$@" <<'P'
import json, sys
for path in sys.argv[1:]:
    for result in json.load(open(path)):
        for key in sorted(result):
            if not key.endswith(("_s", "_kb", "per_cpu_s")):
                print(key, json.dumps(result[key], sort_keys=True))
P
}

search() { say explore --subject model --detect none "$@"; }

everything() {
	search lost-update-2 --seed 7 --executions 300 --schedules a --json a.json
	results a.json
	all a
	search lost-update-3 --points marked --strategy pct --depth 2 --executions 200 --schedules b
	all b
	search lost-wakeup --points marked --strategy exhaustive --schedules c --json c.json
	results c.json
	all c
	search deadlock-2 --strategy exhaustive --preemptions 1 --schedules d --json d.json
	results d.json
	all d
	search deadlock-3 --executions 500 --seed 5 --jobs 2 --schedules e --json e.json
	results e.json
	all e
	search lock-order --points marked --executions 100 --schedules f
	all f
	search lost-update-2 deadlock-2 --first --executions 50 --schedules g
	search ring-3 --points marked --executions 400 --shard 2/3 --json h.json
	results h.json
	search deadlock-2 --strategy exhaustive --preemptions 0
	search lost-update-2 --strategy exhaustive --executions 2 --shard 1/2
	search deadlock-fixed-3 lost-wakeup-fixed lost-update-fixed-2 --executions 100
	sed -i 's/^switch 1 /switch 0 /' a/*.schedule
	say replay a/*.schedule
	say replay c/*.schedule --times 3
}

{
	echo "# SPDX-License-Identifier: GPL-2.0-only"
	everything | steady
} > made
if [[ ${1:-} == --update ]]; then
	cp made "$transcript"
	exit
fi
tried="searches, shrinking and replays" status=- out=$(diff "$transcript" made) err=
[[ -z $out ]] || fail "it is another transcript: < expected > made"
finish
