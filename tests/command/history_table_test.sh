#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/history-table, on our own tree and on a copy with a mistake: what is in a tree, what is found,
# what is not and needs its reason, and what contradicts itself.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "bufring is not built"

export URINGSIM_CACHE=$tmp/cache URINGSIM_TREES=$tmp/linux-bad
cp -r "$root/sim/kernel" "$tmp/linux-bad"
sed -i '/^static void req_mark_sent(struct fuse_req \*req)$/,/^{$/s/^{$/{ \/* a mistake *\/\n\tWARN_ON_ONCE(1);/' \
	"$tmp/linux-bad/fs/fuse/dev_uring.c"
table() {
	try "$root/tools/history-table" --program "$URINGSIM" --bugs "$tmp/bugs.toml" --keep "$tmp/kept" \
		--executions 5 --programs 10 --scenario round-trip "$@" bufring
}
# bug NAME PROBE FOUND [REASON]
bug() {
	printf '[[bug]]\nname = "%s"\nwhat = "it is wrong"\nsee = "here"\nprobes = [%s]\nfound = ["%s"]\n' \
		"$1" "$2" "$3"
	[[ -z ${4:-} ]] || printf 'missed = { "bad" = "%s" }\n' "$4"
}
warns='{ function = "req_mark_sent", has = "WARN_ON_ONCE.1" }'

# ---- in it and found, not in it, no such code

{
	bug warns "$warns" '^kernel: .*WARN_ON_ONCE.1. at .*req_mark_sent'
	bug elsewhere '{ function = "no_.*", has = "x" }' "nothing"
	bug hidden "$warns" "nothing" "nobody looks"
	bug comment '{ function = "req_mark_sent", has = "a mistake" }' "nothing"
	bug sent '{ function = "req_mark_sent", lacks = "FR_SENT" }' "nothing"
} > "$tmp/bugs.toml"
table
expect_status 0
# shellcheck disable=SC2016 # of the table
expect_out '| warns | `round-trip` 5 of 5, '
grep -q '^| warns | .* s; fuzz [0-9]* | no |$' <<< "$out" || fail "fuzz finds it, and bufring has it not"
expect_out "| elsewhere | - | - |"
expect_out "| hidden | **not found** (1) | no |"
expect_out "| 1 | hidden | bad | nobody looks |"
expect_out "| comment | no | no |"
expect_out "| sent | no | no |"
grep -q '^| bad | 1 | 5 | .* | 10 | .* | 2 | 1 | 1 | 1 |$' <<< "$out" || fail "what was searched, and how many"
[[ ! -e $tmp/linux-bad/schedules ]] || fail "the tree is left as it is"
first=$out

# what is kept is not searched again; the page has all between its marks
printf 'before\n%s\nold\n%s\nafter\n' '<!-- begin: tools/history-table -->' '<!-- end: tools/history-table -->' \
	> "$tmp/page.md"
table --page "$tmp/page.md"
expect_status 0; expect_quiet
[[ $(head -n 1 "$tmp/page.md") == before && $(tail -n 1 "$tmp/page.md") == after ]] || fail "the rest stays"
! grep -q '^old$' "$tmp/page.md" || fail "what was there goes"
grep -qF "$(grep -F '| warns |' <<< "$first" | head -n 1)" "$tmp/page.md" || fail "the table is in the page"
table --page "$tmp/bugs.toml"; expect_refusal "lacks its marks"

# ---- what is wrong

bug hidden "$warns" "nothing" > "$tmp/bugs.toml"
table; expect_status 1; expect_err "hidden is in bad and is not found, and has no reason"
table --may-miss; expect_status 0; expect_quiet
bug absent '{ function = "req_mark_sent", has = "BUG" }' 'WARN_ON_ONCE' > "$tmp/bugs.toml"
table --may-miss; expect_status 1; expect_err "absent is not in bad, and is found there"
bug broken "$warns" '(' > "$tmp/bugs.toml"
table; expect_refusal "bugs.toml"
echo 'int broken' >> "$tmp/linux-bad/fs/fuse/dev_uring.c"
rm -r "$tmp/kept"
bug warns "$warns" "nothing" > "$tmp/bugs.toml"
table; expect_status 0
expect_out "| bad | does not play: "
expect_out "| warns | ? | no |"
URINGSIM_TREES='' try "$root/tools/history-table" --keep "$tmp/kept" --program "$URINGSIM"
expect_refusal "URINGSIM_TREES names no trees"
URINGSIM_TREES=$tmp/none table; expect_status 2

# a revision of a repository, nothing checked out
git init -q "$tmp/repo"
cp -r "$root/sim/kernel/fs" "$tmp/repo/"
git -C "$tmp/repo" add fs
git -C "$tmp/repo" -c user.name=n -c user.email=e@localhost commit -qm one
rm -r "$tmp/repo/fs"
URINGSIM_TREES=$tmp/repo@HEAD table; expect_status 0; expect_out "| warns | no | no |"

# ---- our data

python3 - "$root" <<'END' || fail "tests/history/bugs.toml is wrong"
import sys, tomllib
bugs = tomllib.load(open(sys.argv[1] + "/tests/history/bugs.toml", "rb"))["bug"]
assert len(bugs) >= 20, len(bugs)
END
finish
