#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim explore, replay and shrink: counts, options, JSON, jobs and shards, and
# a schedule's way from a failure to its shortest form and into gdb.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

model=("$URINGSIM" explore --subject model)

# read_json FILE...: set values[KEY@FILE] to what the first result of each has, and
# values[results@FILE] to how many results there are; of a list its length
declare -A values
read_json() {
	local key value
	while IFS=$'\t' read -r key value; do
		values[$key]=$value
	done < <(python3 - "$@" <<-'PY'
		import json, sys
		for name in sys.argv[1:]:
		    results = json.load(open(name))
		    first = {k: len(v) if isinstance(v, list) else v for k, v in results[0].items()}
		    for key, value in {**first, "results": len(results)}.items():
		        print(f"{key}@{name}", value, sep="\t")
	PY
	)
}

# expect_values FILE KEY=VALUE...
expect_values() {
	local file=$1 pair
	values=()
	read_json "$file"
	for pair in "${@:2}"; do
		[[ ${values[${pair%%=*}@$file]:-} == "${pair#*=}" ]] ||
			fail "$pair is wanted of $file, not ${values[${pair%%=*}@$file]:-nothing}"
	done
}

# the counts of GenMC and Nidhugg, in one process and in two
for jobs in 1 2; do
	for pair in ring-2:70 ring-3:15642 qrace-2:4 qrace-3:15; do
		try "${model[@]}" "${pair%:*}" --strategy exhaustive --points marked \
			--jobs $jobs --json r.json
		expect_status 0; expect_quiet; expect_out "complete"
		expect_values r.json executions="${pair#*:}" complete=True \
			scenario="${pair%:*}" subject=model
	done
done

# shards add up
sum=0
for i in 1 2 3; do
	try "${model[@]}" ring-3 --strategy exhaustive --points marked --shard $i/3 --json r.json
	expect_status 0; expect_out "--shard $i/3"
	mv r.json part$i.json
done
read_json part{1,2,3}.json
for i in 1 2 3; do
	sum=$((sum + ${values[executions@part$i.json]}))
done
[[ $sum == 15642 ]] || fail "three shards made $sum executions, not 15642"
merge=$root/tools/merge-results
try "$merge" part2.json part3.json part1.json; expect_status 0; expect_quiet
mv out r.json; expect_values r.json executions=15642 complete=True shard=None
try "$merge" part1.json part3.json; expect_refusal "part 2/3 of ring-3 on model is missing"
try "$merge" part1.json part1.json; expect_refusal "part 1/3 of ring-3, which is there already"
try "$merge" r.json; expect_refusal "r.json is not the JSON of a search with --shard"
try "$merge" none.json; expect_refusal "cannot read none.json"
# parts of something else are no parts
forge() { python3 -c 'import json, sys
r = json.load(open(sys.argv[1])); exec(sys.argv[3]); json.dump(r, open(sys.argv[2], "w"))' "$@"; }
forge part3.json other.json 'r[0]["version"] = "9"'
try "$merge" part1.json part2.json other.json; expect_refusal "other.json is of model 9, part1.json is not"
forge part3.json other.json 'r[0]["sources"] = [{"path": "fs/fuse/dev.c", "sha256": "0"}]'
try "$merge" part1.json part2.json other.json
expect_refusal "other.json is of other sources: fs/fuse/dev.c, part1.json is not"
forge part3.json other.json 'r[0]["state"] = "not-started"'
try "$merge" part1.json part2.json other.json; expect_status 4; expect_out '"state": "cut"'

# within a bound, too; what fails in several parts is one failure
for i in 1 2; do
	try "${model[@]}" lost-update-2 --strategy exhaustive --preemptions 1 --shard $i/2 \
		--schedules parts --json part$i.json
done
try "$merge" part1.json part2.json; expect_status 1; expect_quiet; mv out parts.json
try "${model[@]}" lost-update-2 --strategy exhaustive --preemptions 1 --schedules parts --json r.json
read_json r.json parts.json
[[ ${values[executions@r.json]} == "${values[executions@parts.json]}" ]] || fail "the parts are not the whole"
[[ ${values[failures@r.json]} == 1 && ${values[failures@parts.json]} == 1 ]] || fail "one failure is one failure"

# random: the same executions by one process or three
try "${model[@]}" lost-update-2 --executions 999 --seed 7 --schedules one --json one.json
expect_status 1; expect_quiet; expect_out "--seed 7"; expect_out "an update was lost"
[[ $out == *"replay    uringsim replay one/"*".schedule" ]] || fail "the replay command is last"
try "${model[@]}" lost-update-2 --executions 999 --seed 7 --schedules three --jobs 3 \
	--json three.json
expect_status 1
cmp -s one/*.schedule three/*.schedule || fail "the number of jobs changed the schedule"
expect_values one.json executions=999
expect_values three.json executions=999

# so by any strategy that has a profile: each process learns the same
for strategy in pos surw; do
	try "${model[@]}" lost-update-3 --executions 600 --strategy $strategy --schedules one-$strategy --json one.json
	expect_status 1; expect_quiet; expect_out "an update was lost"
	try "${model[@]}" lost-update-3 --executions 600 --strategy $strategy --schedules three-$strategy \
		--jobs 3 --json three.json
	expect_status 1
	cmp -s one-$strategy/*.schedule three-$strategy/*.schedule || fail "the number of jobs changed the schedule of $strategy"
	expect_values one.json executions=600 strategy=$strategy
	expect_values three.json executions=600
done

# delays: the parts are the whole, and it says what was left out
try "${model[@]}" lost-update-3 --strategy delay --delays 2 --schedules delay --json r.json -v
expect_status 1; expect_out "complete within 2 delays"
expect_values r.json strategy=delay complete=True cut=delays
for i in 1 2 3; do
	try "${model[@]}" lost-update-3 --strategy delay --delays 2 --shard $i/3 --schedules delay --json part$i.json
done
try "$merge" part1.json part2.json part3.json; expect_status 1; expect_quiet; mv out parts.json
read_json r.json parts.json
[[ ${values[executions@r.json]} == "${values[executions@parts.json]}" ]] || fail "the parts are not the whole"
try "${model[@]}" lost-update-2 --strategy delay --delays 100 --schedules delay -v --jobs 2; expect_status 1
expect_out "executions, complete"
try "${model[@]}" lost-update-fixed-2 --strategy delay; expect_status 0
expect_out "complete within 2 delays"
try "${model[@]}" ring-2 --delays 2 --strategy random
expect_refusal "--delays bounds the strategy delay; random has no delays"

# an option that one strategy alone has chooses it
for pair in preemptions:exhaustive delays:delay depth:pct; do
	try "${model[@]}" lost-update-fixed-2 --"${pair%:*}" 1 --executions 5 --depth 1
	expect_status 0; expect_quiet; expect_out "options   --strategy ${pair#*:} "
done
try "${model[@]}" ring-2 --preemptions 1 --delays 1
expect_refusal "--preemptions is of the exhaustive strategy and --delays of the strategy delay"

# a strategy without a seed says the same in its JSON and in its schedule
for strategy in exhaustive delay random; do
	try "${model[@]}" lost-update-2 --strategy $strategy --seed 3 --json seed.json --schedules "seed-$strategy" --first
	expect_status 1
	seed=$(sed -n 's/^seed //p' "seed-$strategy"/*.schedule)
	[[ $seed == $([[ $strategy == random ]] && echo 3 || echo 0) ]] || fail "the schedule should not say seed $seed"
	expect_values seed.json seed="$seed"
done

# a name that comes twice is played once; so is a file that two paths lead to
try "${model[@]}" ring-2 qrace-2 ring-2 --executions 5 --json r.json; expect_status 0; expect_quiet
expect_out "2 scenarios, 0 failed"; expect_values r.json results=2

# all usual models, and what ends a search
try "${model[@]}" --executions 50 --strategy pct --json r.json; expect_status 0
expect_values r.json results=4 # the usual models
try "${model[@]}" ring-4 --strategy exhaustive --executions 10; expect_status 0
expect_out "10 executions, not complete: the number of executions cut it"
try "${model[@]}" deadlock-fixed-2 --strategy exhaustive --preemptions 0; expect_status 0
expect_out "complete within 0 preemptions"
try "${model[@]}" ring-4 --strategy exhaustive --seconds 0.2; expect_status 0
expect_out "not complete: stopped"

# Ctrl-C ends with the result so far; a job in the background would ignore it
try python3 - "$URINGSIM" <<'PY'
import signal, subprocess, sys, time
for jobs in "1", "2":
    p = subprocess.Popen([sys.argv[1], "explore", "--subject", "model", "ring-4", "--seconds",
                          "60", "--jobs", jobs], stdout=subprocess.PIPE, text=True,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    p.stdout.readline()
    time.sleep(0.3)
    p.send_signal(signal.SIGINT)
    out = p.communicate(timeout=20)[0]
    assert p.returncode == 4 and "0 failed, 0 known, 1 cut short: nothing found" in out, out
# what was not started is in the JSON and in the JUnit file
p = subprocess.Popen([sys.argv[1], "explore", "--subject", "model", "ring-4", "ring-3", "ring-2",
                      "--executions", "100000000", "--json", "cut.json", "--junit", "cut.xml"],
                     stdout=subprocess.PIPE, text=True,
                     preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
p.stdout.readline()
time.sleep(0.3)
p.send_signal(signal.SIGINT)
out = p.communicate(timeout=20)[0]
assert p.returncode == 4 and "left out  ring-3, ring-2\n" in out, out
import json
got = [(r["scenario"], r["state"], r["cut"], r["interrupted"]) for r in json.load(open("cut.json"))]
assert got == [("ring-4", "cut", "stopped", True), ("ring-3", "not-started", None, True),
               ("ring-2", "not-started", None, True)], got
import xml.etree.ElementTree as tree
suite = tree.parse("cut.xml").getroot()[0]
assert suite.get("tests") == "3" and suite.get("skipped") == "2", suite.attrib
PY
expect_status 0

# --seconds is the whole: what was not started by then makes status 4
try "${model[@]}" ring-4 ring-3 --strategy exhaustive --seconds 0.2 --json over.json; expect_status 4
grep -q '"interrupted":false' over.json || fail "nobody interrupted it"
! grep -q '"interrupted":true' over.json || fail "nobody interrupted it"
expect_out "left out  ring-3"; expect_out "1 not started"
try "${model[@]}" ring-4 ring-5 --strategy exhaustive --seconds-each 0.1; expect_status 0
expect_out "2 cut short"
try "${model[@]}" ring-4 ring-5 --seconds-each 0.1 --json over.json; expect_status 0
expect_out "executions, stopped: "; expect_out "2 cut short"
expect_values over.json state=cut cut=stopped

# a failure counts, also when time was over
try "${model[@]}" lost-update-2 ring-4 ring-3 --executions 20000000 --first --seconds 1
expect_status 1

# Ctrl-C or timeout(1), which all processes of the search get: what was found is kept
for signal in INT TERM; do
	for jobs in 1 2; do
		rm -rf cut cut.json
		python3 - "$signal" "${model[@]}" lost-update-2 ring-4 --strategy exhaustive --jobs $jobs \
			--json cut.json --schedules cut > out 2> err <<-'PY'
		import os, signal, subprocess, sys, time
		sent = getattr(signal, "SIG" + sys.argv[1])
		p = subprocess.Popen(sys.argv[2:], start_new_session=True,
		                     preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
		time.sleep(1)
		os.killpg(p.pid, sent)
		sys.exit(p.wait(timeout=60))
		PY
		status=$? tried="SIG$signal to all of $jobs jobs" out=$(< out) err=$(< err)
		expect_status 1; expect_out "1 cut short"; expect_out "an update was lost"
		[[ -s cut.json ]] || fail "cut.json should be there"
		compgen -G "cut/*.schedule" > /dev/null || fail "its schedule should be there"
	done
done

# one failure, told once: in one line of each scenario, then as a whole
try "${model[@]}" deadlock-2 lost-update-2 lost-update-3 ring-2 --executions 300 --json r.json \
	--junit r.xml --schedules told
expect_status 1; expect_quiet
[[ $(grep -c "^failure" out) -le 3 ]] || fail "a failure should be told once"
[[ $(grep -c "^scenario" out) == 4 ]] || fail "each scenario should have a line"
expect_out "switch: task-1 to task-2 before lock &counter->lock in count_without_lock"
expect_out "also in lost-update-3"
expect_out "4 scenarios, 3 failed, 0 known"
[[ $(tail -n 1 out) == "replay    uringsim replay told/"* ]] || fail "the replay command is last"
python3 - <<-'PY' || fail "the files should be as promised"
	import json, os, xml.etree.ElementTree as tree
	cases = list(tree.parse("r.xml").getroot()[0])
	assert [c.get("name") for c in cases] == ["deadlock-2", "lost-update-2", "lost-update-3", "ring-2"]
	for case, result in zip(cases, json.load(open("r.json"))):
	    assert len(case.findall("failure")) == len(result["failures"])
	    assert result["state"] == "done" and result["version"] == "" and result["sources"] == []
	    groups = [f["group"] for f in result["failures"]]
	    assert len(groups) == len(set(groups)) and all(f["count"] > 0 for f in result["failures"])
	    assert all(os.path.exists(f["schedule"]) for f in result["failures"])
PY
whole=$(wc -l < out)
try "${model[@]}" deadlock-2 lost-update-2 ring-2 --executions 300 -q; expect_status 1
[[ $out == failure* && $out != *scenario\ * ]] || fail "-q is about failures"
try "${model[@]}" ring-2 -q; expect_status 0
[[ $(wc -l < out) == 1 ]] || fail "-q has one line if nothing is found"
try "${model[@]}" deadlock-2 lost-update-2 lost-update-3 ring-2 --executions 300 -v; expect_status 1
[[ $(wc -l < out) -gt $whole ]] || fail "-v says more"
# ./run says how it is called
URINGSIM_COMMAND=./run try "${model[@]}" lost-update-2 --executions 300; expect_out "replay    ./run replay "

# what cannot be written is refused before anything is played
try "${model[@]}" ring-4 --executions 900000000 --json ""; expect_refusal "a file without a name cannot be written"
try "${model[@]}" ring-4 --executions 900000000 --json r --junit r
expect_refusal "--json and --junit are to write the same file, r"
for option in "--json no/such/r.json" "--junit no/such/r.xml" "--json ." "--schedules /proc/no"; do
	# shellcheck disable=SC2086  # two words
	try "${model[@]}" ring-4 --executions 900000000 $option; expect_refusal "cannot "
done
[[ ! -e fresh ]] || fail "fresh should not be there"
try "${model[@]}" ring-2 --schedules fresh; [[ ! -e fresh ]] || fail "nothing was found, nothing is left"

# a schedule is replayed, shrunk, and replayed in gdb
schedule=$(echo one/*.schedule)
try "$URINGSIM" replay "$schedule"; expect_status 1; expect_quiet
expect_out "the failure came again (accounting: an update was lost)"
first=$out
try "$URINGSIM" replay "$schedule"; [[ $out == "$first" ]] || fail "two replays differ"
try "$URINGSIM" shrink "$schedule"; expect_status 0; expect_quiet; expect_out "least     no order"
expect_out "uringsim replay $schedule.min"
[[ $(grep -c ^switch "$schedule.min") -le 2 ]] || fail "two switches are enough to lose an update"
try "$URINGSIM" replay "$schedule.min"; expect_status 1
if command -v gdb > /dev/null; then
	try "$URINGSIM" replay "$schedule.min" --gdb
	expect_status 1
	[[ $out == *"an update was lost"*"#0"*command_replay* ]] || fail "gdb should stop at the report"
fi

# it does not come: 0; it diverges: 4; in gdb, too
python3 - "$schedule.min" <<-'PY'
	import sys
	def seal(name, lines):
	    data = ("\n".join(lines) + "\n").encode()
	    h = 0xcbf29ce484222325
	    for b in data:
	        h = (h ^ b) * 0x100000001b3 % 2**64
	    open(name, "wb").write(data + b"end %016x\n" % h)
	lines = open(sys.argv[1]).read().split("\n")[:-2]
	seal("none.schedule", [l for l in lines if not l.startswith("switch")])
	seal("off.schedule", [l.replace("count_without_lock", "somewhere_else").replace("switch 0 ", "switch 7 ")
	                      for l in lines])
PY
try "$URINGSIM" replay none.schedule; expect_status 0; expect_out "did not come again"
try "$URINGSIM" replay off.schedule; expect_status 4; expect_out "diverged"
try "$URINGSIM" replay off.schedule --gdb; expect_status 4; expect_err "nothing to stop at"

# the same twin has no failure
sed 's/scenario lost-update-2/scenario lost-update-fixed-2/' "$schedule" > other
try "$URINGSIM" replay other; expect_refusal "cut off or was changed"

# broken files
head -c 100 "$schedule" > cut.schedule
try "$URINGSIM" replay cut.schedule; expect_refusal "cut.schedule is cut off"
try "$URINGSIM" shrink cut.schedule; expect_refusal "cut.schedule is cut off"
try "$URINGSIM" replay /bin/true; expect_refusal "not a schedule"
try "$URINGSIM" replay no-such-file; expect_refusal "cannot read no-such-file"
try "$URINGSIM" shrink no-such-file; expect_refusal "cannot read no-such-file"
try "$URINGSIM" replay .; expect_refusal "cannot read"
try "$URINGSIM" replay; expect_refusal "name the schedule"
try "$URINGSIM" shrink; expect_refusal "name the schedule"
try "$URINGSIM" replay a b; expect_refusal "b is one schedule too many"

# wrong usage
try "${model[@]}" ring-2 --points some; expect_refusal "sync, marked or all"
try "${model[@]}" ring-2 --strategy best; expect_refusal "no strategy best"
try "${model[@]}" ring-99; expect_refusal "no model ring-99"
try "${model[@]}" ring-2x; expect_refusal "no model ring-2x"
try "${model[@]}" ring-2 --shard 3/2; expect_refusal "--shard takes I/N"
try "${model[@]}" ring-2 --shard 0/2; expect_refusal "--shard takes I/N"
try "${model[@]}" ring-2 --jobs 0; expect_refusal "--jobs takes"
try "${model[@]}" ring-2 --jobs x; expect_refusal "--jobs takes"
try "${model[@]}" ring-2 --executions -1; expect_refusal "--executions takes"
try "${model[@]}" ring-2 --seconds 0; expect_refusal "--seconds takes"
try "${model[@]}" ring-2 --preemptions 2 --strategy random; expect_refusal "bounds the exhaustive"
try "$URINGSIM" explore no-such; expect_refusal "no scenario no-such"
try "$URINGSIM" explore --subject no-such; expect_refusal "no subject no-such"
try "${model[@]}" lost-update-2 --executions 9 --schedules /proc/no; expect_refusal "cannot make"
try "${model[@]}" lost-update-2 --executions 9 --schedules /proc; expect_refusal "cannot write"
for command in explore replay shrink; do
	try "$URINGSIM" $command --help; expect_status 0; expect_quiet
done

# every subject that is here: all its scenarios, with as many processes as it likes
for so in "$URINGSIM_SUBJECTS"/*.so; do
	[[ -e $so ]] || continue
	name=$(basename "$so" .so)
	try "$URINGSIM" explore --subject "$name" --executions 20 --jobs 2 --json r.json
	[[ $status -le 1 ]] || fail "status should be 0 or 1"
	try "$URINGSIM" explore register-race --subject "$name" --strategy exhaustive \
		--preemptions 1 --json r.json
	[[ $status -le 1 ]] || fail "status should be 0 or 1"
	expect_values r.json strategy=exhaustive complete=True preemptions=1 cut=preemptions
	try "$URINGSIM" explore exit-one-thread --subject "$name" --executions 20 --suppress none \
		--detect none
	# all trees of Linux have finding 1 of docs/findings.md
	[[ $name != linux-* || -n $(compgen -G "schedules/$name-exit-one-thread-*.schedule") ]] ||
		fail "nothing is found in $name"
	for schedule in schedules/"$name"-*.schedule; do
		[[ -e $schedule ]] || continue
		try "$URINGSIM" replay "$schedule" --suppress none; expect_status 1
		try "$URINGSIM" shrink "$schedule"; expect_status 0
		expect_out "replay $schedule.min --suppress none"
		try "$URINGSIM" replay "$schedule.min" --suppress none; expect_status 1
		# ... and of a report that is known gdb has to be told, too
		command -v gdb > /dev/null || continue
		try "$URINGSIM" replay "$schedule.min" --suppress none --gdb; expect_status 1; expect_quiet
	done
done
finish
