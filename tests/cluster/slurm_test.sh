#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/cluster as job arrays of Slurm, which is started here for this test alone, with two nodes
# that are this machine: the same as one process finds; parts that are killed, or whose node fails,
# are repeated, and nothing counts twice.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"
for tool in slurmctld slurmd munged sbatch; do
	PATH=$PATH:/usr/sbin command -v "$tool" > /dev/null || skip "$tool is not installed (as root: tools/install-deps cluster)"
done
((EUID == 0)) || skip "only root starts a slurmd that runs jobs"
# shellcheck source=tests/cluster/lib.sh
. "$root/tests/cluster/lib.sh"
explore=$root/tools/cluster/explore
export PATH=$PATH:/usr/sbin URINGSIM_PROGRESS_SECONDS=5 URINGSIM_POLL_SECONDS=0.5

# ---- a cluster
export SLURM_CONF=$tmp/slurm.conf
chmod 755 "$tmp"
mkdir state
head -c 1024 /dev/urandom > munge.key && chmod 600 munge.key
munged --foreground --force --socket "$tmp/munge.socket" --key-file "$tmp/munge.key" --log-file "$tmp/munged.log" \
	--pid-file "$tmp/munged.pid" --seed-file "$tmp/munged.seed" > munged.said 2>&1 &
started+=($!)
ports=("$(free_port)" "$(free_port)" "$(free_port)")
# cred_expire: also how long what is requeued waits
cat > slurm.conf << CONFIG
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$tmp/munge.socket,cred_expire=5
SlurmctldPort=${ports[0]}
SlurmctldPidFile=$tmp/slurmctld.pid
SlurmdPidFile=$tmp/slurmd.%n.pid
SlurmdSpoolDir=$tmp/spool.%n
StateSaveLocation=$tmp/state
SlurmctldLogFile=$tmp/slurmctld.log
SlurmdLogFile=$tmp/slurmd.%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SlurmdTimeout=6
KillWait=2
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=${ports[1]} CPUs=2
NodeName=n2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=${ports[2]} CPUs=2
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=60 State=UP
PartitionName=one Nodes=n1 MaxTime=60 State=UP
CONFIG
daemons_say() { tail -n 5 munged.* slurmctld.said slurmd.*.said; }
wait_for "munged" munge --socket "$tmp/munge.socket" --no-input || { daemons_say; exit 1; }
slurmctld -D -i > slurmctld.said 2>&1 &
started+=($!)
node() {
	mkdir -p "spool.$1"
	slurmd -D -N "$1" > "slurmd.$1.said" 2>&1 &
	started+=($!)
	echo $! > "$1.pid"
}
node n1
node n2
# idle N: so many nodes are ready
idle() { [[ $(sinfo --noheader --Node --partition all --states idle --format %N | wc -l) == "$1" ]]; }
wait_for "two nodes" idle 2 || { daemons_say; exit 1; }

alone

# ---- part 2 is killed; part 3 takes its node along
mortal killed
# shellcheck disable=SC2016 # the program's
echo 'kill -9 $search $PPID $$' > killed.2
cat > killed.3 << SCRIPT
echo "\$SLURMD_NODENAME" > "$tmp/gone"
kill -9 "\$(< "$tmp/\$SLURMD_NODENAME.pid")"
# and what it has of jobs: the step's own process is above part
kill -9 "\$(awk '{ print \$4 }' "/proc/\$PPID/stat")" \$search \$PPID \$\$
SCRIPT
try "$explore" --slurm --parts 4 --program ./killed --out killed.out -- "${random[@]}"
expect_status 1
[[ -s gone ]] || fail "no node was lost"
for n in 1 4; do [[ $(starts killed $n) -ge 1 ]] || fail "part $n should be started"; done
for n in 2 3; do [[ $(starts killed $n) == 2 ]] || fail "part $n should be started twice"; done
[[ ! -e killed.late ]] || fail "$(< killed.late)"
same_result random.json killed.out/result.json
[[ -z $(find killed.out -name '*.tmp') ]] || fail "parts of parts are left"
grep -q "requeue.*node failure\|Requeuing.*\|requeue job" slurmctld.log || fail "Slurm should have repeated the part of the node"
count=$(wc -l < killed.starts)
rm -r killed.out/part-4
try "$explore" --slurm --parts 4 --program ./killed --out killed.out -- "${random[@]}"
expect_status 1; [[ $(wc -l < killed.starts) == $((count + 1)) ]] || fail "part 4 alone is missing"
same_result random.json killed.out/result.json
node "$(< gone)"
wait_for "the node's return" idle 2

# ---- a bounded exhaustive search, on one partition, two at a time
try "$explore" --slurm --partition one --jobs 2 --parts 5 --out bounded.out --program "$URINGSIM" -- "${bounded[@]}"
expect_status 1
same_result bounded.json bounded.out/result.json
try "$explore" --slurm --partition none --parts 5 --out none.out --program "$URINGSIM" -- "${bounded[@]}"
expect_refusal "sbatch: "

# ---- interrupted: its jobs are taken back
mortal stopped
try "$explore" --slurm --parts 12 --jobs 1 --program ./stopped --out stopped.out -- "${random[@]}" &
search=$!
one_there() { [[ -d stopped.out/part-1 ]]; }
wait_for "part 1" one_there
kill -INT "$(pgrep -P "$search" | head -n 1)"
wait "$search"
nothing_queued() { [[ ! $(squeue --noheader) ]]; }
wait_for "an empty queue" nothing_queued
[[ ! -e stopped.out/result.json ]] || fail "there is no result yet"
try "$explore" --slurm --parts 12 --program ./stopped --out stopped.out -- "${random[@]}"
expect_status 1
same_result random.json stopped.out/result.json

# ---- fuzz
try "$root/tools/cluster/fuzz" --slurm --parts 2 --runs 8 --out fuzz --program "$URINGSIM" -- --tree tree --from nothing
expect_status 1; expect_out "total     1 scenario, 1 failed"
[[ -n $(find fuzz/corpus/ -name '*.scenario') ]] || fail "there should be a corpus"
finish
