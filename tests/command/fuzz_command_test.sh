#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# fuzz: the same seed finds the same; a corpus is written, read again, merged and added to;
# a failure has a small scenario file and a schedule that replays; what is wrong is refused.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

try "$URINGSIM" fuzz --from something; expect_refusal '--from takes "nothing", not something'
try "$URINGSIM" fuzz --runs 0; expect_refusal "--runs takes a number from 1"
try "$URINGSIM" fuzz --seconds -1; expect_refusal "--seconds takes a number above 0"
try "$URINGSIM" fuzz --points all; expect_refusal "--points takes sync or marked"
try "$URINGSIM" fuzz --merge; expect_refusal "--merge needs folders"
try "$URINGSIM" fuzz --calls 5; expect_refusal "--calls is of --soak"
try "$URINGSIM" fuzz --round 5; expect_refusal "--round is of --soak"
try "$URINGSIM" fuzz --world 0; expect_refusal "--world is of --soak"
try "$URINGSIM" fuzz --corpus /proc/nowhere --runs 1; expect_refusal "/proc/nowhere"
try "$URINGSIM" fuzz nowhere --runs 1; expect_refusal "no folder nowhere"
try "$URINGSIM" fuzz --timers 101; expect_refusal "--timers takes"
try "$URINGSIM" fuzz --subject model; expect_refusal "no subject model"

first_subject

# ---- the same seed ----

for i in 1 2; do
	mkdir run
	try env -C run "$URINGSIM" fuzz --subject "$subject" --from nothing --runs 12 \
		--jobs 2 --seed 5 --corpus c
	[[ $status -le 1 ]] || fail "status should be 0 or 1"
	cp out "out$i"
	mv run "run$i" # a schedule has the path of its scenario
done
diff -r run1 run2 > /dev/null || fail "two runs of one seed wrote different files"
cmp -s out1 out2 || fail "two runs of one seed printed different things"
kept=(run1/c/fuzz-*.scenario)
[[ -e ${kept[0]} ]] || fail "a corpus should be there"
grep -q "^corpus    ${#kept[@]} scenarios in c$" out1 || fail "it should be counted"
try env -C run2 "$URINGSIM" fuzz --subject "$subject" --from nothing --runs 12 --jobs 2 \
	--seed 6 --corpus d
diff -r run1/c run2/d > /dev/null && fail "another seed should find others"

# ---- what is kept is a scenario ----

try "$URINGSIM" run "${kept[0]}" --subject "$subject" -q
[[ $status -le 1 ]] || fail "a file of the corpus should be played"

# ---- resuming, and merging ----

try "$URINGSIM" fuzz --subject "$subject" --from nothing --runs 10 --corpus run1/c --json r.json
[[ $status -le 1 ]] || fail "status should be 0 or 1"
more=(run1/c/*.scenario)
((${#more[@]} >= ${#kept[@]})) || fail "nothing should be taken away"
grep -q '"strategy":"fuzz"' r.json || fail "the result should say what was done"
grep -q '"covered":{"edges":[1-9]' r.json || fail "and what was covered"
try "$URINGSIM" fuzz --subject "$subject" --merge --corpus all run1/c run2/d
[[ $status -le 1 ]] || fail "status should be 0 or 1"
all=(all/*.scenario)
((${#all[@]} > 5)) || fail "most should be kept"
# from there all is covered already
try "$URINGSIM" fuzz --subject "$subject" --merge --corpus again all all
[[ $(find again -name '*.scenario' | wc -l) -le ${#all[@]} ]] || fail "twice the same is once"

# a file that is none is left out, and said
mkdir odd
echo "scenario x" > odd/x.scenario
echo "no scenario" > odd/y.scenario
try "$URINGSIM" fuzz --subject "$subject" --from nothing --runs 5 odd
[[ $status -le 1 ]] || fail "status should be 0 or 1"

# ---- what goes wrong over /dev/fuse, too, is no difference, also when it was told before ----

cp -r "$root/sim/kernel" longer
sed -i 's/^\tlast->size -= missing;/\t(void)missing;/' longer/fs/fuse/dev_copy.c
! cmp -s "$root/sim/kernel/fs/fuse/dev_copy.c" longer/fs/fuse/dev_copy.c || fail "nothing was changed"
mkdir two
for n in 2 3; do
	printf '%s\n' "scenario ioctl-$n" 'server s' 'prepare queue 0' 'set-up' 'on s' 'serve' 'client c' \
		"ioctl ino $n size ${n}00" > "two/$n.scenario"
done
try "$URINGSIM" fuzz --tree longer --from nothing --runs 3 --schedules longer.out two
expect_status 1; expect_quiet
expect_out "which is not what the file system answers"

# ---- Ctrl-C keeps everything ----

"$URINGSIM" fuzz --subject "$subject" --from nothing --corpus cut --schedules s > cut.out 2> cut.err &
pid=$!
for _ in {1..100}; do
	[[ -n $(find cut -name '*.scenario' 2> /dev/null) ]] && break
	sleep 0.1
done
kill -INT "$pid"
wait "$pid"
status=$?
[[ $status == 4 || $status == 1 ]] || fail "an interrupted run ends with 4, or 1"
grep -q '^corpus ' cut.out || fail "it should say what there is"
[[ -n $(find cut -name '*.scenario') ]] || fail "the corpus should be there"

# ---- a bug of the tree, from nothing ----

subject=
for s in linux-7.3 linux-7.2; do
	[[ ! -e $URINGSIM_SUBJECTS/$s.so ]] || subject=$s
done
[[ -n $subject ]] || skip "no kernel's own FUSE is built"
try "$URINGSIM" fuzz --subject "$subject" --from nothing --runs 100 --suppress none \
	--schedules found --detect heap --json r.json --junit r.xml
expect_status 1
expect_out "waits although entry"
expect_out "replay    "
grep -q '"file":"found/' r.json || fail "the result should name the file"
grep -q '<failure' r.xml || fail "JUnit's should have it"
schedule=$(grep -l '^group progress: work-conservation of request.*fuse_uring_do_register' \
	found/*.schedule | head -n 1)
[[ -n $schedule ]] || fail "finding 1 should come within 100 programs"
file=${schedule%.schedule}.scenario
[[ -e $file ]] || fail "its scenario should be beside it"
(($(wc -l < "$file") < 20)) || fail "it should be small"
try "$URINGSIM" replay "$schedule" --suppress none; expect_status 1
# the largest process, unless it was built to count or to be watched
if ! grep -qaE '__asan_init|__gcov_' "$URINGSIM"; then
	kb=$(grep -o '"peak_rss_kb":[0-9]*' r.json | grep -o '[0-9]*$')
	((kb < 14000)) || fail "a process takes $kb kB after 100 programs"
fi
# two threads that make the ring they share, of which one alone may wait on it: neither a
# ring that nobody looks at nor a thread that asks for ever
printf '%s\n' 'scenario shared' 'ring_flags submit-all single-issuer defer-taskrun' \
	'server s1' 'serve' 'client c2' 'getattr ino 0' 'server s3' 'share-ring s1' \
	'register queue 0 entry 0' 'serve' > shared.scenario
try "$URINGSIM" explore shared.scenario --subject "$subject" --executions 2000
expect_status 0
# known, it is counted, and is no failure
mkdir known
cp "$file" known
try "$URINGSIM" fuzz --subject "$subject" --from nothing --runs 30 --detect heap known
expect_out "finding   1 came within"
