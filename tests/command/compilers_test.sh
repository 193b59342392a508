#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A subject that gcc compiled and the same one that clang compiled have the same trace
# of every scenario, byte for byte.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

for cc in gcc clang; do
	command -v $cc > /dev/null || skip "$cc is not here"
done

# what call-lines makes of what could confuse it
cat > "$tmp/odd.c" <<'END'
int a = f("(", ')', /* ( */ 1); // (
#define g(x) (x + \
	(1)
h(1,
  "\"(", '\'', g(
	2));
one(1); two(2,
	3) + three(3,
	4);
#if 0
	four(
#else
	five(1,
#endif
	     5);
}
last(1,
     2);
END
try "$root/tools/call-lines" --base "$tmp" odd.c
expect_status 0; expect_quiet
[[ $out == '{ "odd.c", 3, (const struct call_span[]){ { 4, 6 }, { 7, 9 }, { 17, 18 }, } },' ]] ||
	fail "the spans are others"

# traces SUBJECT: of all its scenarios, without the compiler's name
# without detectors, whose suppressed reports depend on what has hooks
traces() { "$URINGSIM" run -v --detect none --subject "$1" | sed -E 's/^(subject .*modified), .*(; [0-9]+ CPU)/\1\2/'; }

# compare NAME TREE: the subject that is here, and one by the other compiler
compare() {
	local other=clang
	"$URINGSIM" subjects > "$tmp/subjects"
	! grep "^$1 " "$tmp/subjects" | grep -q clang || other=gcc
	tried="build-subject --cc $other --tree $2"
	"$root/tools/build-subject" --tree "$2" --name "$1" --version "$3" --cc $other \
		--cflags -O0 --out "$tmp/$1.so" 2> "$tmp/err" || { fail "it should build"; return; }
	traces "$1" > "$tmp/one.txt"
	traces "$tmp/$1.so" > "$tmp/two.txt"
	[[ $(grep -c ' fs/fuse/' "$tmp/one.txt") -gt 1000 ]] || fail "there should be traces"
	cmp -s "$tmp/one.txt" "$tmp/two.txt" ||
		fail "$1: the traces differ: $(diff "$tmp/one.txt" "$tmp/two.txt" | head -n 6)"
}

if [[ -e $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	kernel_tree 7.3
	compare linux-7.3 "$tree" "$(sed -n 's/^version *//p' "$tree/SOURCE")"
else
	compare bufring "$root/sim/kernel" 0.1
fi
finish
