#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whatever a subject dies of, or never comes out of, is a failure with its function, its
# stack and a schedule, and the search goes on.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -f $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"
[[ $(nm -D "$URINGSIM" 2> /dev/null) != *__asan_init* ]] ||
	skip "AddressSanitizer has the signals"
source=$root/sim/kernel/fs/fuse/dev_uring.c
# the other files are compiled already
reuse=() compiled=$(dirname "$URINGSIM")/subject-work/bufring
# objects that count would have to be linked with counters
[[ ! -d $compiled || $(nm "$URINGSIM") == *__gcov* ]] || reuse=(--reuse "$compiled")

build() {
	"$root/tools/build-subject" --tree "$root/sim/kernel" --name "$1" --cflags "-O1 -g" \
		--place-map "$(dirname "$URINGSIM")/place-map" --cc "${CC:-gcc}" \
		"${reuse[@]}" --overlay "$tmp/overlay/dev_uring.c" --out "$tmp/subjects/$1.so" ||
		fail "$1 does not compile"
}

# subject NAME STATEMENT: bufring, whose fuse_uring_cmd() begins a commit with that
subject() {
	awk -v statement="$2" '
		/^int fuse_uring_cmd\(/ {
			print "static int zero;\nstatic __maybe_unused DEFINE_SPINLOCK(lock);"
			print "static noinline __maybe_unused int deep(int n)"
			print "{\n\tvolatile char frame[200];\n\tframe[0] = n;"
			print "\treturn READ_ONCE(zero) ? 0 : deep(n + 1) + frame[0];\n}"
			print "static noinline __maybe_unused void part(void)"
			print "{\n\tfor (int i = 0; i < 50; i++)\n\t\tREAD_ONCE(zero);\n}"
			inside = 1
		}
		{ print }
		inside && /^\tint err;/ {
			print "\tvolatile int nothing = 0;\n\tint *nowhere = (int *)(long)nothing;"
			print "\n\tif (cmd->cmd_op == FUSE_IO_URING_CMD_COMMIT_AND_FETCH) {"
			print "\t\tpart();\n\t\tif (!nowhere && !zero)\n\t\t\t" statement "\n\t}"
			inside = 0
		}' "$source" > "$tmp/overlay/dev_uring.c"
	build "$1"
}

# closing NAME: bufring, which loops when the world is closed: no step counts there
closing() {
	awk '
		/^void fuse_uring_destruct\(/ { print "static DEFINE_SPINLOCK(lock);"; inside = 1 }
		{ print }
		inside && /^\tunsigned int qid;/ {
			print "\n\tfor (;;)\n\t\tspin_lock(&lock), spin_unlock(&lock);"
			inside = 0
		}' "$source" > "$tmp/overlay/dev_uring.c"
	build "$1"
}

# explore NAME [EXECUTIONS]
explore() {
	URINGSIM_SUBJECTS=$tmp/subjects try "$URINGSIM" explore round-trip \
		--executions "${2:-200}" --subject "$1" --schedules "$tmp/schedules"
}

# dies NAME WORDS STATEMENT [WORDS]
dies() {
	subject "$1" "$3"
	explore "$1"
	expect_status 1
	expect_out "$2"
	expect_out "${4:-200 executions}"
	[[ $(grep -c '^failure' <<< "$out") == 1 ]] || fail "it is one kind of failure"
	# the stack of the task, from the mistake on
	expect_out "fuse_uring_cmd ("
	schedule=$(grep -o "$tmp/schedules/.*\.schedule" <<< "$out" | head -n 1)
	first=$(grep -A 12 '^failure' <<< "$out")
	explore "$1"
	[[ $first == "$(grep -A 12 '^failure' <<< "$out")" ]] || fail "another run says something else"
	URINGSIM_SUBJECTS=$tmp/subjects try "$URINGSIM" replay "$schedule" --times 3
	expect_status 1
	expect_out "3 with the failure, 3 like the first"
}

spins() {
	subject spins "for (;;)\n\t\t\t\tspin_lock(&lock), spin_unlock(&lock);"
	explore spins 5
	expect_status 1
	expect_out "no end after 20000 switches: server-0 spins in fuse_uring_cmd"
	# fuzz makes it small, and ends
	mkdir "$tmp/spins"
	printf '%s\n' 'scenario spins' 'server s' 'register queue 0 entry 0' 'serve' 'set-up' \
		'client c' 'getattr ino 0' 'statfs' > "$tmp/spins/spins.scenario"
	URINGSIM_SUBJECTS=$tmp/subjects try timeout 200 "$URINGSIM" fuzz --subject spins \
		--from nothing --runs 1 "$tmp/spins" --schedules "$tmp/small"
	expect_status 1
	expect_out "spins in fuse_uring_cmd"
	grep -L statfs "$tmp"/small/*.scenario | grep -q . || fail "it should be made small"
}

ends() {
	closing ends
	explore ends 5
	expect_status 1
	expect_out "a loop without an end, and without a step, in fuse_uring_destruct"
}

deep() {
	subject deep "zero = deep(0);"
	explore deep
	expect_status 1
	expect_out "the stack of 64 KiB is used up, in deep"
}

# beside FUNCTION ARGUMENT...: with a folder of its own, two at a time
beside() {
	((running++ < 2)) || wait -n
	(
		tmp=$(mktemp -d "$tmp/XXXXXX")
		mkdir "$tmp/overlay" "$tmp/schedules" "$tmp/subjects"
		"$@"
	) &
}

running=0
beside dies loops "a loop without an end, and without a step, in fuse_uring_cmd" \
	"for (;;)\n\t\t\t\tpart();" "6 executions, stopped: too many of them are endless loops"
# with steps in it: others go on, until that makes no difference any more
beside spins
beside ends
beside dies null "NULL pointer: access at 0, in fuse_uring_cmd" "*(volatile int *)nowhere = 1;"
beside dies divides "divide error, in fuse_uring_cmd" "err = 100 / nothing, zero = err;"
beside dies traps "invalid opcode, in fuse_uring_cmd" "__builtin_trap();"
beside dies calls "NULL pointer: access at 0, in fuse_uring_cmd" "((void (*)(void))nowhere)();"
beside deep
wait
finish
