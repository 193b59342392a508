#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/mutate, on a program of ten lines: mutants that a test notices, one that none
# does, one that is listed as equivalent, one that does not end; wrong usage.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

# lib.sh's temporary folder has the sources, the copy and the lists
mkdir "$tmp/source"
cat > "$tmp/source/small.c" <<'C'
// SPDX-License-Identifier: GPL-2.0-only
unsigned int calls;

/* "i < n" may be "i != n", and what is counted is not looked at */
int sum(const int *a, unsigned int n)
{
	unsigned int i = 0;
	int total = 0;

	calls++;
	if (!n)
		return -1;
	while (i < n) {
		total += a[i];
		i++;
	}
	return total;
}
C
cat > "$tmp/source/test.c" <<'C'
// SPDX-License-Identifier: GPL-2.0-only
int sum(const int *a, unsigned int n);

int main(void)
{
	const int three[] = { 1, 2, 4, 8 };

	return sum(three, 3) == 7 && sum(three, 0) == -1 ? 0 : 1;
}
C
cat > "$tmp/known" <<'L'
# comments and blank lines are none of it

elsewhere/small.c sum
- int total
  = 0;
+ int total = 1;
= accepted: to see that a listed one is not run
L

mutate() {
	try "$root/tools/mutate" --root "$tmp/source" --work "$tmp/work" --jobs 2 --slack 0.5 \
		--build "cc -O1 -o program small.c test.c" --test ./program --json "$tmp/r.json" \
		--survivors "$tmp/known" "$@" small.c
}
# was STATUS BEFORE AFTER: what became of a mutant
was() {
	python3 - "$tmp/r.json" "$@" <<'P' || fail "$2 -> $3 should be $1"
import json, sys
path, status, before, after = sys.argv[1:]
found = [m["status"] for m in json.load(open(path))["mutants"]
         if (m["before"], m["after"]) == (before, after)]
sys.exit(found != [status])
P
}

sums=$(cd "$tmp/source" && sha256sum ./*)
mutate
expect_status 0
was killed '!n' '!(!n)'
was killed 'return -1;' '(dropped)'
was killed 'total += a[i];' '(dropped)'
was killed 'i < n' 'i <= n'
was survived 'calls++;' '(dropped)'
was survived 'calls++;' 'calls--;'
was accepted 'int total = 0;' 'int total = 1;'
was 'timed out' 'i++;' '(dropped)'
expect_out 'small.c:10: statement dropped
small.c sum
- calls++;
+ (dropped)'
expect_out '1 accepted'
[[ $(cd "$tmp/source" && sha256sum ./*) == "$sums" ]] || fail "the sources are not as they were"

# those that were left, once more
cp "$tmp/r.json" "$tmp/left.json"
mutate --again "$tmp/left.json"; expect_status 0; expect_out 'mutants   2: '
was survived 'calls++;' '(dropped)'
mutate --again "$tmp/source/small.c"; expect_status 2

# a listed one is run when it is asked for, and told if a test notices it
mutate --recheck --only 'int total'
expect_status 0; expect_err 'listed, but noticed by ./program'; was killed 'int total = 0;' 'int total = 1;'

# found by the compiler to be the same: an addition of nothing
sed -i 's/return total;/return total + (int)(n - n);/' "$tmp/source/small.c"
mutate --only 'n - n'
expect_status 0
was equivalent 'return total + (int)(n - n);' 'return total - (int)(n - n);'
sed -i 's/return total + (int)(n - n);/return total;/' "$tmp/source/small.c"

# equal is equal, whichever comes first; what comes before what is not
cat > "$tmp/source/order.c" <<'C'
// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

int same(const char *a, const char *b, unsigned int n)
{
	return !strcmp(a, b) && strncmp(a, b, n) == 0 && 0 != memcmp(a, b, n);
}

int before(const char *a, const char *b)
{
	return strcmp(a, b);
}
C
try "$root/tools/mutate" --root "$tmp/source" --list order.c; expect_status 0
expect_out 'return strcmp(b, a);'
grep -q 'same(): arguments swapped: .*cmp(b, a' <<< "$out" &&
	fail "equal strings are equal the other way round"
expect_out 'strncmp(a, n, b)'
rm "$tmp/source/order.c"

# a bar that is too high; the sample is what the seed says
mutate --at-least 100; expect_status 1
mutate --list --sample 4 --seed 7; first=$out; expect_status 0
[[ $(wc -l <<< "$first") == 4 ]] || fail "four mutants were asked for"
mutate --list --sample 4 --seed 7; [[ $out == "$first" ]] || fail "the seed is the same"
mutate --list --sample 4 --seed 8; [[ $out != "$first" ]] || fail "the seed is another"

# wrong usage
mutate --sample 0; expect_status 2
mutate --only 'no such thing'; expect_refusal "no mutants there"
try "$root/tools/mutate" --root "$tmp/source" nowhere.c; expect_refusal "no such file: nowhere.c"
try "$root/tools/mutate" --build true small.c; expect_status 2; expect_err "belong together"
printf 'small.c sum\n- a\n+ b\n= because\n' > "$tmp/known"
mutate; expect_refusal "no reason"
printf 'small.c sum\n- a\n' > "$tmp/known"
mutate; expect_refusal "an entry is FILE FUNCTION"
: > "$tmp/known"

# a test that fails without any mutant says nothing
sed -i 's/== 7/== 8/' "$tmp/source/test.c"
mutate; expect_status 2; expect_err "./program fails without a mutant"
finish
