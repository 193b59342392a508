#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/cluster by GNU parallel, over ssh to this machine: the same as one process finds; parts
# that are killed, or lose their host, are repeated, and nothing counts twice.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"
for tool in parallel ssh ssh-keygen; do
	command -v "$tool" > /dev/null || skip "$tool is not installed (as root: tools/install-deps cluster)"
done
[[ -x /usr/sbin/sshd ]] || skip "sshd is not installed (as root: tools/install-deps cluster)"
# shellcheck source=tests/cluster/lib.sh
. "$root/tests/cluster/lib.sh"
explore=$root/tools/cluster/explore
export PARALLEL_HOME=$tmp/parallel URINGSIM_PROGRESS_SECONDS=1

# ---- two hosts, which are this machine: own sshd, with keys that end with the test
ssh-keygen -q -t ed25519 -N '' -f host_key && ssh-keygen -q -t ed25519 -N '' -f key
port=$(free_port)
cat > sshd_config << CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $tmp/host_key
AuthorizedKeysFile $tmp/key.pub
StrictModes no
UsePAM no
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
CONFIG
{
	printf 'Host one two three\n\tHostName 127.0.0.1\n\tPort %s\n\tUser %s\n' "$port" "$(id -un)"
	printf '\tIdentityFile %s\n\tIdentitiesOnly yes\n\tUserKnownHostsFile %s\n' "$tmp/key" "$tmp/known_hosts"
	printf '\tBatchMode yes\n\tLogLevel ERROR\n\tConnectTimeout 10\n'
	# a host that cannot be reached
	printf 'Host away\n\tHostName 127.0.0.1\n\tPort %s\n\tConnectTimeout 2\n' "$(free_port)"
} > ssh_config
printf '[127.0.0.1]:%s %s\n' "$port" "$(< host_key.pub)" > known_hosts
export PARALLEL_SSH="ssh -F $tmp/ssh_config"
# its own folder, which a service's start would make
((EUID != 0)) || mkdir -p /run/sshd
/usr/sbin/sshd -D -e -f "$tmp/sshd_config" 2> sshd.log &
started+=($!)
wait_for "sshd" ssh -F "$tmp/ssh_config" one true || { cat sshd.log; exit 1; }

alone

# ---- part 2 is killed, part 3 loses its host: they are repeated
mortal killed
# shellcheck disable=SC2016 # the program's
echo 'kill -9 $search $PPID $$' > killed.2
cat > killed.3 << 'SCRIPT'
# up to the sshd of this connection
above=$PPID
while [[ $(< "/proc/$above/comm") != sshd ]]; do above=$(awk '{ print $4 }' "/proc/$above/stat"); done
kill -9 "$above"
SCRIPT
try "$explore" --parts 4 --sshlogin 1/one,1/two --program ./killed --out killed.out -- "${random[@]}"
expect_status 1
for n in 1 4; do [[ $(starts killed $n) == 1 ]] || fail "part $n should be started once"; done
for n in 2 3; do [[ $(starts killed $n) == 2 ]] || fail "part $n should be started twice"; done
[[ ! -e killed.late ]] || fail "$(< killed.late)"
expect_out "total     3 scenarios, "
for host in one two; do cut -f 2 killed.out/joblog | grep -q "$host" || fail "$host should have a part"; done
same_result random.json killed.out/result.json
# what is there is not run again; what is missing is
try "$explore" --parts 4 --sshlogin 1/one --program ./killed --out killed.out -- "${random[@]}"
expect_status 1; [[ $(wc -l < killed.starts) == 6 ]] || fail "no part should be started again"
rm -r killed.out/part-1
try "$explore" --parts 4 --sshlogin 1/one --program ./killed --out killed.out -- "${random[@]}"
expect_status 1; [[ $(starts killed 1) == 2 && $(wc -l < killed.starts) == 7 ]] || fail "part 1 alone is missing"
same_result random.json killed.out/result.json
[[ -z $(find killed.out -name '*.tmp') ]] || fail "parts of parts are left"

# ---- a bounded exhaustive search; a host that cannot be reached
try "$explore" --parts 5 --sshlogin 1/away,2/one --out bounded.out --program "$URINGSIM" -- "${bounded[@]}"
expect_status 1
same_result bounded.json bounded.out/result.json

# ---- interrupted: nothing goes on, and the same command goes on from there
mortal stopped
try "$explore" --parts 20 --jobs 1 --program ./stopped --out stopped.out -- "${random[@]}" &
search=$!
two_there() { [[ -d stopped.out/part-2 ]]; }
wait_for "part 2" two_there
child=$(pgrep -P "$search" | head -n 1)
kill -INT "$child"
wait "$search"
running() { pgrep -f -- "--schedules $tmp/stopped.out" > /dev/null; }
! running || fail "something still runs"
[[ ! -e stopped.out/result.json ]] || fail "there is no result yet"
try "$explore" --parts 20 --program ./stopped --out stopped.out -- "${random[@]}"
expect_status 1
same_result random.json stopped.out/result.json
[[ $(sort stopped.starts | uniq -d | wc -l) -le 1 ]] || fail "at most the interrupted one is started again"

# ---- a part that always fails
printf '#!/bin/bash\n[[ "$*" != *"--shard 2/3"* ]] || { echo "uringsim: no more memory"; exit 3; }\nexec %q "$@"\n' "$URINGSIM" > poor
chmod +x poor
try "$explore" --parts 3 --tries 2 --program ./poor --out poor.out -- abort --tree tree --executions 30
expect_status 3; expect_err "part 2/3 failed 2 times, 2 of 3 parts are there: uringsim: no more memory"

# ---- wrong usage
few=(abort --tree tree --executions 30)
try "$explore" --help; expect_status 0; expect_out "usage: tools/cluster/explore"; expect_quiet
try "$explore"; expect_refusal "--parts N is missing"
try "$explore" --parts 0; expect_refusal "--parts takes a number"
try "$explore" --parts 2; expect_refusal "--out DIR is missing"
try "$explore" --clever; expect_refusal "--clever is not known"
try "$explore" --parts 2 --out o --slurm --sshlogin one; expect_refusal "--sshlogin is of --parallel"
try "$explore" --parts 2 --out o --partition p; expect_refusal "--partition is of --slurm"
try "$explore" --parts 2 --out o --program nowhere; expect_refusal "there is no nowhere"
try "$explore" --parts 2 --out /proc/none --program "$URINGSIM"; expect_refusal "cannot write into the folder /proc/none"
try "$explore" --parts 2 --out o --program "$URINGSIM" -- --shard 1/2; expect_refusal "--shard is no argument of a part"
try "$explore" --parts 2 --out o --program "$URINGSIM" -- "${few[@]}" --strategy clever; expect_refusal "no strategy clever"
try "$explore" --parts 3 --out stopped.out --program "$URINGSIM" -- "${few[@]}"; expect_refusal "has the parts of another search"
try "$root/tools/cluster/part"; expect_refusal "usage: part"
try "$root/tools/cluster/tell" none.json; expect_refusal "none.json is not the JSON"

# ---- fuzz: the same twice, whatever was killed; what one round found is known in the next
fuzz() {
	try "$root/tools/cluster/fuzz" --parts 2 --rounds 2 --runs 5 --out "$1" --program "${@:2}" -- \
		--tree "$tmp/tree" --from nothing
	expect_status 1
}
cat > mortal-fuzz << PROGRAM
#!/bin/bash
if [[ "\$*" == *"--seed 10022"* && ! -e $tmp/killed-fuzz ]]; then
	touch "$tmp/killed-fuzz"
	"$URINGSIM" "\$@" & sleep 0.5; kill -9 \$! \$PPID \$\$
fi
exec "$URINGSIM" "\$@"
PROGRAM
chmod +x mortal-fuzz
fuzz one.fuzz "$URINGSIM" --sshlogin 2/one
fuzz two.fuzz ./mortal-fuzz --sshlogin 1/one,1/two
[[ -e killed-fuzz ]] || fail "no part of fuzz was killed"
diff -r one.fuzz/corpus/ two.fuzz/corpus/ > /dev/null || fail "the corpora should be the same"
try python3 - <<'PY'
import json, os
def essence(folder):
    (result,) = json.load(open(folder + "/result.json"))
    return ({key: result[key] for key in ("programs", "executions", "corpus", "covered", "answers")},
            [(f["report_group"], f["count"]) for f in result["failures"]])
one, two = essence("one.fuzz"), essence("two.fuzz")
assert one == two, (one, two)
assert len({group for group, _ in one[1]}) == len(one[1]) > 0
folders = [f"one.fuzz/round-{r}/{p}" for r in (1, 2) for p in ("part-1", "part-2", "merge/part-1")]
parts = [json.load(open(f + "/result.json"))[0] for f in folders]
assert one[0]["programs"] == sum(part["programs"] for part in parts)
# what covers something in a part of a round is not lost
assert one[0]["corpus"] == len(os.listdir("one.fuzz/corpus/")) >= max(len(os.listdir(f + "/corpus")) for f in folders[:2])
groups = [f["report_group"] for part in parts[:2] for f in part["failures"]]
later = [f["report_group"] for part in parts[3:] for f in part["failures"]]
assert groups and not set(groups) & set(later), (groups, later)
PY
expect_status 0
try "$root/tools/cluster/fuzz" --parts 2 --out o; expect_refusal "--runs M or --seconds T is missing"
try "$root/tools/cluster/fuzz" --help; expect_status 0; expect_out "usage: tools/cluster/fuzz"
try "$root/tools/cluster/merge-rounds" nowhere; expect_status 0
finish
