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
transcript=$root/tests/command/transcript.txt
cd "$tmp" || exit 1

steady() {
	sed -E -e 's/[0-9.]+ s CPU, [0-9]+ (executions per CPU second.*), [0-9]+ kB/\1/' \
		-e 's/(\.[ch]:)[0-9]+/\1N/g' -e 's/-[0-9a-f]{8}(\.schedule)/-HASH\1/g' \
		-e '/^ +[a-z_0-9]+ \([a-z_/]+\.c:N\)$/d' \
		-e '/^(trace|end|version) /d'
}

# say COMMAND...: itself, what it prints, its status
say() {
	printf '$ %s\n' "$*"
	"$URINGSIM" "$@" 2>&1
	printf 'status %s\n\n' "$?"
}

# kept NAME: the schedules in folder NAME, by what they are of: their names are hashes
kept() {
	local file
	for file in "$1"/*.schedule; do
		printf '%s\t%s\n' "$(grep -E '^(scenario|execution|summary) ' "$file" | tr '\n' ' ')" \
			"$file"
	done | LC_ALL=C sort | cut -f 2
}

# all NAME: each schedule in folder NAME: as it was kept, shrunk, replayed
all() {
	while read -r file; do
		printf '%s\n' "--- $file"
		cat "$file"
		say shrink "$file"
		printf '%s\n' "--- $file.min"
		cat "$file.min"
		say replay "$file.min"
	done < <(kept "$1")
}

# least NAME: each schedule in folder NAME as it is when it is shrunk, in short
least() {
	while read -r file; do
		say shrink "$file"
		grep -E '^(parked|switch)' "$file.min"
	done < <(kept "$1")
}

# seal FILE SED...: the schedule on stdin, changed and with the right checksum, as FILE
seal() {
	sed -e '/^end /d' "${@:2}" > "$1"
	python3 - "$1" <<'P'
import sys
text = open(sys.argv[1], "rb").read()
h = 0xcbf29ce484222325
for byte in text:
    h = (h ^ byte) * 0x100000001b3 % 2**64
open(sys.argv[1], "ab").write(b"end %016x\n" % h)
P
}

results() {
	python3 - "$@" <<'P'
import json, sys
for path in sys.argv[1:]:
    for result in json.load(open(path)):
        for key in sorted(result):
            if key != "uringsim" and not key.endswith(("_s", "_kb", "per_cpu_s")):
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
	# several failures, found in several executions; and of several scenarios
	search deadlock-4 --executions 300 --seed 11 --jobs 3 --schedules i --json i.json
	results i.json
	least i
	search lost-update-5 plain-update-3 lost-wakeup --executions 300 --seed 11 --schedules j
	least j
	search lock-order deadlock-2 deadlock-3 --points marked --executions 40 --schedules k
	least k
	search lost-update-2 --executions 9 --schedules /proc/no
	# known ones are counted for each scenario anew
	printf 'kind accounting\nsummary an update was lost\nreason known\n' > known
	search lost-update-2 lost-update-3 --executions 20 --suppress known
	# a kernel's: no failure, so one that was not
	say explore round-trip pool-exhaustion --executions 5 --detect none
	say explore pool-exhaustin
	say explore not-at-all-like-any
	seal l.schedule -e 's/^subject .*/subject bufring/' -e 's/^scenario .*/scenario pool-exhaustion/' \
		-e '/^switch/d' < c/*.schedule
	say report l.schedule -o l.json
	world=$(python3 -c 'import re; print(re.search("\"config\": ?\"([^\"]*)\"", open("l.json").read())[1])')
	printf 'world %s\n' "$world"
	seal n.schedule -e "s/^config .*/config $world/" < l.schedule
	say replay n.schedule | grep -v '^ '
	seal m.schedule -e 's/^config .*/config another one/' < n.schedule
	say replay m.schedule | grep -v '^ '
	say shrink m.schedule
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
