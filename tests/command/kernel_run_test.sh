#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/kernel/run notices what a guest says and does not say. QEMU is made up here: it
# writes to the two serial lines what the test tells it to.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/bin"
cat > "$tmp/bin/qemu-system-x86_64" <<'END'
#!/bin/bash
lines=()
while (($#)); do
	[[ $1 != -serial ]] || lines+=("${2#file:}")
	[[ $1 != -append ]] || echo "$2" > "$GUEST/append"
	shift
done
cp "$GUEST/console" "${lines[0]}"
cp "$GUEST/ktap" "${lines[1]}"
END
printf '#!/bin/bash\ncat\n' > "$tmp/bin/cpio"
chmod +x "$tmp/bin"/*
export GUEST=$tmp URINGSIM_KERNEL_INIT=/bin/true
: > "$tmp/image"

# guest KTAP CONSOLE: boot one that says that
guest() {
	printf '%b' "$1" > "$tmp/ktap"
	printf '%b' "$2" > "$tmp/console"
	PATH=$tmp/bin:$PATH try "$root/tests/kernel/run" --image "$tmp/image" \
		--subject mine --ktap "$tmp/got" "${@:3}"
}

good='KTAP version 1\n# subject mine\n1..1\n    # Subtest: a\n    ok 1 x\r\n'
good+='    ok 2 y # SKIP not visible from outside\n    1..2\nok 1 a\n'

guest "$good# the end\n" '[ 1.0] hello\n'
expect_status 0
expect_out "mine: 2 scenarios, 4 checks, 0 failed, 2 not visible from outside"
grep -q 'ok 1 x$' "$tmp/got" || fail "the answers are not kept"

guest "${good/ok 1 x/not ok 1 x}# the end\n" ''
expect_status 1
expect_out "    not ok 1 x"
expect_out "2 failed"

# the guest says that the scenario failed, though no check did
guest "${good/ok 1 a/not ok 1 a}# the end\n" ''
expect_status 1

# it died on the way: its last words are shown
guest "$good" '[ 1.0] the last words\n'
expect_status 1
expect_out "did not come to its end"
expect_out "the last words"

for complaint in 'WARNING: fs/fuse/dev.c:1' 'BUG: KASAN: slab-use-after-free in f' \
	'BUG: KCSAN: data-race in f' 'WARNING: possible circular locking dependency' \
	'INFO: task cat:70 blocked for more than 120 seconds.' 'Oops: 0000' \
	'Kernel panic - not syncing' 'ODEBUG: free active'; do
	guest "$good# the end\n" "[ 1.0] $complaint\n[ 1.1] and so on\n"
	expect_status 1
	expect_out "$complaint"
	expect_out "and so on"
done

guest "# the end\n" ''
expect_status 1

# a race that is known is counted, for its subject; what comes in between is not hidden
line='=================================================================='
race="$line\n[ 1.0] BUG: KCSAN: data-race in f / g\n[ 1.0] write to x\n[ 1.0] $line\n"
printf '# a remark\nmine f / g\n\tno harm\nother f / h\n\tnone\n' > "$tmp/known"
guest "$good# the end\n" "${race}${race}[ 1.1] hello\n" --known "$tmp/known"
expect_status 0
expect_out "# known race, 2 times: f / g"
[[ $out != *"write to x"* ]] || fail "a known race is shown"
guest "$good# the end\n" "${race/f \/ g/f \/ h}" --known "$tmp/known"
expect_status 1
expect_out "data-race in f / h"
expect_out "write to x"
guest "$good# the end\n" "${race/write to x/WARNING: y}" --known "$tmp/known"
expect_status 1
expect_out "WARNING: y"
guest "$good# the end\n" '' --known "$tmp/nothing"
expect_refusal "cannot read"

# what the guest has counted: GCOV's file, in hexadecimal
guest "$good# the end\n" '' --coverage "$tmp/info"
if command -v lcov > /dev/null; then
	expect_refusal "does not count"
	mkdir -p "$tmp/fs/fuse"
	printf 'int main(int argc, char **argv)\n{\n\tif (argc > 9)\n\t\treturn !argv;\n\treturn 0;\n}\n' \
		> "$tmp/fs/fuse/dev_uring.c"
	(cd "$tmp" && gcc --coverage -o dev_uring "$tmp/fs/fuse/dev_uring.c" && ./dev_uring)
	mv "$tmp"/*dev_uring.gcno "$tmp/image.gcno"
	hex=$(python3 -c 'import sys; print(open(sys.argv[1], "rb").read().hex())' "$tmp"/*dev_uring.gcda)
	guest "$good# gcda ${hex:0:40}\n# gcda ${hex:40}\n# the end\n" '' --coverage "$tmp/info"
	expect_status 0
	# two guests have been there
	[[ $(grep -cx 'DA:3,2\|DA:4,0' "$tmp/info") == 2 ]] ||
		fail "not what was counted: $(cat "$tmp/info")"
	! grep gcda "$tmp/got" || fail "the counters are among the answers"
	guest "$good# the end\n" '' --coverage "$tmp/info"
	expect_status 1
	expect_out "has not told what it counted"
else
	expect_status 77
fi

# what round trips cost: shown once, and nothing else; other words are what went wrong
one='# GETATTR, per entry: 37012 instructions, 4.00 task switches\n'
guest "$one# GETATTR, ring: not played\n# the end\n" '' --measure
expect_status 0
[[ $out == "GETATTR, per entry: 37012 instructions, 4.00 task switches
GETATTR, ring: not played" ]] || fail "not what was measured: $out"
[[ $(< "$tmp/append") == *" uringsim.measure" ]] || fail "the guest is not asked to measure"
guest "$one" '' --measure
expect_status 1
expect_out "did not come to its end"
for wrong in '# READ 4096, ring: 97' '# READ 4096, ring: 97 instr' '# READ 4096, ring' \
	'# READ 4096, ring: 0 instructions, 4.00 task switches' \
	'# READ 4096, ring: -97 instructions, 4.00 task switches' \
	'# READ 4096, ring: nan instructions, -nan task switches' \
	'# READ 4096, ring: cannot be told: twice as many took less' 'some other words'; do
	guest "$one$wrong\n# the end\n" '' --measure
	expect_status 1
	expect_out "GETATTR, per entry: 37012 instructions"
	expect_out "$wrong"
done
guest "# GETATTR, ring: not played\n# the end\n" '' --measure
expect_status 1
expect_out "nothing was measured"
guest "$one# the end\n" '[ 1.0] Oops: 0000\n' --measure
expect_status 1
expect_out "Oops"
: > "$tmp/a.scenario"
for other in --findings "--only round-trip" "$tmp/a.scenario"; do
	# shellcheck disable=SC2086
	guest "$one# the end\n" '' --measure $other
	expect_refusal "--measure plays requests of its own"
done
guest "$one# the end\n" '' --measure --parallel
expect_refusal "--measure counts instructions"

# nothing to boot with, nothing to boot, no sense
mkdir "$tmp/empty"
for tool in bash dirname; do ln -s "$(command -v "$tool")" "$tmp/empty/$tool"; done
try env PATH="$tmp/empty" "$root/tests/kernel/run"
expect_status 77
expect_out "qemu-system-x86_64 is not installed"
try "$root/tests/kernel/run" --image "$tmp/missing"
expect_refusal "cannot read"
for tool in mktemp rm; do ln -s "$(command -v "$tool")" "$tmp/empty/$tool"; done
ln -s "$tmp/bin"/* "$tmp/empty"
try env PATH="$tmp/empty" "$root/tests/kernel/run" --subject bufring-linux
expect_status 77
expect_out "bufring-linux cannot be built here"
try "$root/tests/kernel/run" --image "$tmp/image" --debug kasan
expect_refusal "built already"
try "$root/tests/kernel/run" --nonsense
expect_refusal "unknown argument"
try "$root/tests/kernel/run" --time-limit soon
expect_refusal "not a number"
finish
