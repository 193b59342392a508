# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154  # what it sets is read where it is sourced, and the reverse
# What tools/cluster/explore and fuzz have in common: options, and parts that are run by GNU
# parallel or Slurm until each is there. Sourced; the caller has set $me and $root.
# shellcheck source=tools/progress.sh
. "$root/tools/progress.sh"

die() { printf '%s: %s\n' "$me" "$1" >&2; exit "${2:-2}"; }

parts='' out='' how=parallel hosts='' partition='' tries=3 limit='' jobs=''
program=$root/build/release/uringsim
arguments=()

# help: the comment at the caller's head
help() {
	sed -n '3,/^set /{/^set /d; s/^# \{0,1\}//p}' "$0"
	exit 0
}

number() { [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || die "$1 takes a number above 0, not \"$2\""; }

# option WORDS...: read one of ours, set $taken to how many words it was
option() {
	taken=2
	case $1 in
	--slurm) how=slurm taken=1; return ;;
	--parallel) how=parallel taken=1; return ;;
	-h | --help) help ;;
	esac
	if (($# < 2)) || [[ $2 == -- ]]; then die "$1 is not known, or lacks its argument; see --help"; fi
	case $1 in
	--parts) number "$1" "$2"; parts=$2 ;;
	--out) out=$2 ;;
	--sshlogin) hosts=$2 ;;
	--partition) partition=$2 ;;
	--tries) number "$1" "$2"; tries=$2 ;;
	--limit) number "$1" "$2"; limit=$2 ;;
	--jobs) number "$1" "$2"; jobs=$2 ;;
	--program) program=$2 ;;
	*) return 1 ;;
	esac
}

# refuse WORD...: what the arguments of the search cannot have, as we say it ourselves
refuse() {
	local argument word
	for argument in "${arguments[@]}"; do
		for word; do
			[[ $argument != "$word" && $argument != "$word="* ]] ||
				die "$word is no argument of a part: $me says it itself"
		done
	done
}

# check_options: what all need
check_options() {
	[[ $parts ]] || die "--parts N is missing; see --help"
	[[ $out ]] || die "--out DIR is missing; see --help"
	[[ $how == parallel || ! $hosts ]] || die "--sshlogin is of --parallel, not of --slurm"
	[[ $how == slurm || ! $partition ]] || die "--partition is of --slurm"
	local tool=parallel
	[[ $how == parallel ]] || tool=sbatch
	command -v "$tool" > /dev/null || die "$tool is not installed (Debian: parallel, slurm-client)"
	[[ -x $program && -f $program ]] || die "there is no $program; ./run builds it, --program FILE names another"
	program=$(realpath -- "$program")
	mkdir -p -- "$out" 2> /dev/null || true
	[[ -d $out && -w $out ]] || die "cannot write into the folder $out"
	out=$(realpath -- "$out")
	exec 9> "$out/lock"
	flock -n 9 || die "another search is writing to $out"
}

# same_search WORD...: the folder has nothing of a search with other arguments, or WORDs
same_search() {
	{
		printf '%q ' "$me" "$parts" "$program" "${arguments[@]}" "$@"
		printf '\n'
	} > "$out/search.new"
	if [[ -e $out/search ]] && ! cmp -s "$out/search" "$out/search.new"; then
		rm "$out/search.new"
		die "$out has the parts of another search: its file \"search\" says which"
	fi
	mv "$out/search.new" "$out/search"
}

# write_job FILE FOLDER COMMAND...: the script that makes a part: its number is the argument or
# Slurm's; @PART@ in COMMAND and FOLDER is the number. It needs nothing of its environment.
write_job() {
	local file=$1 variable
	shift
	{
		printf '#!/bin/bash\ncd %q || exit 1\n' "$PWD"
		for variable in URINGSIM_SUBJECTS URINGSIM_CACHE; do
			[[ ! ${!variable:-} ]] || printf 'export %s=%q\n' "$variable" "${!variable}"
		done
		# shellcheck disable=SC2016 # the script's
		printf 'n=${1:-$SLURM_ARRAY_TASK_ID}\nwords=('
		printf '%q ' "$@"
		# shellcheck disable=SC2016
		printf ')\nexec %q "${words[@]//@PART@/$n}"\n' "$root/tools/cluster/part"
	} > "$file.new"
	mv "$file.new" "$file"
}

# missing FOLDER: the numbers of the parts that are not there
missing() {
	local n
	for ((n = 1; n <= parts; n++)); do
		[[ -d $1/part-$n ]] || printf '%s\n' "$n"
	done
}

there() { printf '%s of %s parts are there' "$((parts - $(missing "$1" | wc -l)))" "$parts"; }

# interrupted: nothing of ours goes on without us
interrupted() {
	trap '' INT TERM
	progress_stop
	[[ ! ${slurm_job:-} ]] || scancel "$slurm_job" 2> /dev/null || true
	# parallel waits for its jobs at the first signal, and ends them at the second
	if [[ ${runner:-} ]]; then
		kill -TERM "$runner" 2> /dev/null || true
		sleep 0.2
		kill -TERM "$runner" 2> /dev/null || true
		wait "$runner" || true
	fi
	die "interrupted; $(there "$folder"), and the same command goes on from there" 4
}

# watched COMMAND...: run it so that a signal is answered while it runs
watched() {
	local status=0
	"$@" &
	runner=$!
	wait "$runner" || status=$?
	runner=''
	return "$status"
}

by_parallel() {
	local folder=$1 log=$1/joblog words=()
	[[ ! $hosts ]] || words+=(--sshlogin "$hosts")
	[[ ! $limit ]] || words+=(--timeout "$((limit * 60))")
	[[ ! $jobs ]] || words+=(--jobs "$jobs")
	# the joblog leaves out what has been done; what was removed since has not
	if [[ -e $log ]]; then
		awk -v missing="$(missing "$folder")" 'BEGIN { split(missing, n, "\n"); for (i in n) gone[n[i]] }
			FNR == 1 || !($1 in gone)' "$log" > "$log.new"
		mv "$log.new" "$log"
	fi
	seq "$parts" > "$folder/numbers"
	# a host that is gone ends its connections within a minute
	export PARALLEL_SSH=${PARALLEL_SSH:-ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15}
	watched setsid parallel --will-cite --plain --retries "$tries" --joblog "$log" --resume-failed \
		"${words[@]}" --arg-file "$folder/numbers" bash "$(printf %q "$folder/job")" '{}' \
		> "$folder/said" 2>&1 || true
}

# ranges: of the numbers on stdin, as sbatch takes them
ranges() {
	awk 'NR > 1 && $1 == last + 1 { last = $1; next }
		NR > 1 { printf "%s-%s,", first, last } { first = last = $1 } END { printf "%s-%s", first, last }'
}

by_slurm() {
	local folder=$1 try words=()
	[[ ! $partition ]] || words+=(--partition "$partition")
	[[ ! $limit ]] || words+=(--time "$limit")
	for ((try = 1; try <= tries; try++)); do
		[[ $(missing "$folder") ]] || return 0
		# Slurm itself repeats what a node takes along when it fails
		slurm_job=$(sbatch --parsable --array "$(missing "$folder" | ranges)${jobs:+%$jobs}" --requeue \
			--ntasks 1 --open-mode append --output "$folder/said" --job-name uringsim "${words[@]}" \
			"$folder/job" 2> "$folder/refused") || die "sbatch: $(head -n 1 "$folder/refused")"
		slurm_job=${slurm_job%%;*}
		while [[ $(squeue --noheader --jobs "$slurm_job" --states all --format %T 2> /dev/null |
			grep -cE 'PENDING|RUNNING|COMPLETING|CONFIGURING|SUSPENDED|REQUEUE') != 0 ]]; do
			watched sleep "${URINGSIM_POLL_SECONDS:-2}"
		done
		slurm_job=''
	done
}

# run_parts FOLDER: run its script "job" until each part is there
run_parts() {
	local folder=$1 first
	runner='' slurm_job=''
	rm -rf "$folder"/part-*.tmp "$folder"/part-*.failed
	trap interrupted INT TERM
	progress_start "$me" there "$folder"
	"by_$how" "$folder"
	progress_stop
	trap - INT TERM
	# of those that were killed
	rm -rf "$folder"/part-*.tmp
	first=$(missing "$folder")
	first=${first%%$'\n'*}
	[[ ! $first ]] || die "part $first/$parts failed $tries times, $(there "$folder"): $(
		tail -n 1 "$folder/part-$first.failed" 2> /dev/null || tail -n 1 "$folder/said")" 3
}

# try_first COMMAND...: what is wrong with the arguments, or the tree, is told once and not by
# each part; the tree's subject is built here, before all ask for it
try_first() {
	local status=0
	"$@" > "$out/tried" 2>&1 || status=$?
	case $status in
	0 | 1 | 4) rm -f "$out/tried" ;;
	*) die "$(grep -m 1 '^uringsim: ' "$out/tried" || tail -n 1 "$out/tried")" "$status" ;;
	esac
}
