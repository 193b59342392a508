#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --tree: what does not fit gets one line; what fits is compiled once.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

# none of this may end in the real cache
real_cache=${URINGSIM_CACHE:-}
export URINGSIM_CACHE=$tmp/cache
# run_tree DIR [SCENARIO]
run_tree() { try "$URINGSIM" run "${@:2}" --tree "$1"; }

run_tree "$tmp/none"; expect_refusal "there is no tree $tmp/none"
mkdir -p "$tmp/empty"
run_tree "$tmp/empty"; expect_refusal "it has no fs/fuse" 5
run_tree ""; expect_refusal "--tree needs the folder of a Linux tree"
mkdir -p "$tmp/old/fs/fuse"
echo "int x;" > "$tmp/old/fs/fuse/dev.c"
run_tree "$tmp/old"; expect_refusal "it has no fs/fuse/dev_uring.c" 5
run_tree "$tmp/old/fs/fuse/dev.c"; expect_refusal "not a folder"
[[ ! -e $URINGSIM_CACHE ]] || [[ -z $(find "$URINGSIM_CACHE" -type f) ]] || fail "the cache is not empty"

URINGSIM_CACHE=$real_cache kernel_tree 7.3
cp -r "$tree" "$tmp/mine"
URINGSIM_CACHE=/dev/null/cache run_tree "$tmp/mine"
expect_refusal "cannot write the cache /dev/null/cache"

# what is known of Linux 7.3 is known of the same code, unless it is not wanted
try "$URINGSIM" run pool-exhaustion --tree "$tmp/mine" --suppress none
expect_status 1
expect_out "race on fuse_chan.connected: "
run_tree "$tmp/mine"
expect_status 0
expect_out "tree:mine"
[[ $(find "$URINGSIM_CACHE/trees" -name '*.so' | wc -l) == 1 ]] || fail "one subject is cached"
# a second time it is not compiled: a compiler that fails would be noticed
before=$(stat -c %i,%y "$URINGSIM_CACHE"/trees/*.so)
run_tree "$tmp/mine" round-trip; expect_status 0
[[ $(stat -c %i,%y "$URINGSIM_CACHE"/trees/*.so) == "$before" ]] || fail "compiled twice"

# A schedule knows its tree: nothing has to be said again, in another folder neither.
cd "$tmp" || exit 1
try "$URINGSIM" explore exit-one-thread --tree mine --executions 400 --detect none --schedules s \
	--suppress none
expect_status 1; expect_out "tree $tmp/mine, files "
replay=$(sed -n 's/^replay    uringsim //p' out)
schedule=${replay#replay } schedule=${schedule% --suppress none}
grep -qx "tree $tmp/mine" "$schedule" || fail "the schedule should have the tree"
# shellcheck disable=SC2086  # as a shell reads it
try "$URINGSIM" $replay; expect_status 1; expect_out "came again"
(cd / && "$URINGSIM" replay "$tmp/$schedule" --suppress none) > out; tried="replay elsewhere" status=$? out=$(< out)
expect_status 1
try "$URINGSIM" shrink "$schedule"; expect_status 0
try "$URINGSIM" report "$schedule" -o r.html; expect_status 0
grep -q "tree $tmp/mine, files" r.html || fail "the report should name the tree"
! grep -q "unmodified" r.html || fail "nobody knows that of a tree"
echo "/* edited */" >> mine/fs/fuse/dev_uring.c
try "$URINGSIM" replay "$schedule" --suppress none; expect_status 1
expect_out "differs   fs/fuse/dev_uring.c is another file than when this was recorded"
# where an edit adds steps before a switch, all commands make it at its place
try "$URINGSIM" explore exit-one-thread --tree mine --strategy exhaustive --preemptions 2 --detect none \
	--suppress none --schedules bounded
expect_status 1
bounded=$(echo bounded/*-progress-*.schedule)
python3 - mine/fs/fuse/dev_uring.c <<'PY'
import sys
text = open(sys.argv[1]).read()
create = "\tent = fuse_uring_create_ring_ent(cmd, queue);\n"
assert text.count(create) == 1
more = "\tspin_lock(&fch->lock);\n\tspin_unlock(&fch->lock);\n"
open(sys.argv[1], "w").write(text.replace(create, more + create))
PY
for more in "" "--tree mine"; do
	# shellcheck disable=SC2086  # two words, or none
	try "$URINGSIM" replay "$bounded" --suppress none $more; expect_status 1; expect_out $'\nmoved     switch'
	# shellcheck disable=SC2086
	try "$URINGSIM" report "$bounded" -o r.json $more
	grep -q '"came_again": *true' r.json || fail "the report should say that it came again"
	# shellcheck disable=SC2086
	try "$URINGSIM" shrink "$bounded" $more
	expect_status 0; expect_quiet; expect_out $'\nmoved     switch'; expect_out "switches are left"
	try "$URINGSIM" replay "$bounded.min" --suppress none; expect_status 1
	[[ $out != *$'\nmoved'* ]] || fail "what is left is of the edited tree"
done
mv mine moved
try "$URINGSIM" replay "$schedule"; expect_refusal "the tree $tmp/mine, with which this was recorded, is not there"
try "$URINGSIM" shrink "$schedule" --tree moved; expect_status 0
try "$URINGSIM" export-reproducer "$schedule" -o r; expect_refusal "the tree $tmp/mine, with which this was recorded"
try "$URINGSIM" export-reproducer "$schedule" --tree moved -o r
[[ $status == 0 || $err != *"was recorded"* ]] || fail "it should be played on the tree that is named"
mv moved mine
sed -e '/^tree /d' -e '/^end /d' "$schedule" > old.schedule # of an earlier version
python3 - old.schedule <<'PY'
import sys
text = open(sys.argv[1], "rb").read()
h = 0xcbf29ce484222325
for byte in text:
    h = (h ^ byte) * 0x100000001b3 % 2**64
open(sys.argv[1], "ab").write(b"end %016x\n" % h)
PY
try "$URINGSIM" replay old.schedule; expect_refusal "does not say where tree:mine is; name it: --tree DIR"
try "$URINGSIM" replay old.schedule --tree mine --suppress none; expect_status 1
# a tree that cannot be judged: git bisect run wants to know
echo "int f(void) { return nobody_has_this(1); }" >> mine/fs/fuse/dev_uring.c
try "$URINGSIM" explore exit-one-thread --tree mine; expect_refusal "nobody_has_this" 5
try "$URINGSIM" explore exit-one-thread --tree mine --bisect; expect_status 125
try "$URINGSIM" run --tree mine --bisect; expect_status 125
# ... as one that has no fs/fuse: a folder is there, of another commit; none at all is a mistake
mkdir bare
try "$URINGSIM" run --tree bare; expect_refusal "bare is not a Linux tree" 5
try "$URINGSIM" run --tree bare --bisect; expect_refusal "bare is not a Linux tree" 125
try "$URINGSIM" explore --tree bare --bisect; expect_refusal "bare is not a Linux tree" 125
try "$URINGSIM" run --tree nowhere --bisect; expect_refusal "there is no tree nowhere"
cp "$tree/fs/fuse/dev_uring.c" mine/fs/fuse/dev_uring.c
rm -rf "$URINGSIM_CACHE/trees"

# What follows is up to tools/tree-subject alone, which is given a compiler that does not
# optimise: it is asked to compile often.
printf '#!/bin/sh\nexec %s "$@" -O0\n' "${CC:-gcc}" > "$tmp/quick"
chmod +x "$tmp/quick"
build_tree() {
	try "$root/tools/tree-subject" --cc "$tmp/quick" --hooked \
		--place-map "$(dirname "$URINGSIM")/place-map" -- "$tmp/mine"
	[[ $status != 0 ]] || expect_out "tree $tmp/mine"
	out=${out%%$'\n'*} # the path
}
build_tree; expect_status 0; expect_quiet
built=$out
[[ -s $built && -s $built.places ]] || fail "nothing is built"

# a warning that a kernel's build leaves off is no reason to refuse it; a mistake is one
cp "$tmp/mine/fs/fuse/dev.c" "$tmp/dev.c"
printf 'static int warned(int x) { int unused; unused = x; return x < 0u; }\n' >> "$tmp/mine/fs/fuse/dev.c"
build_tree; expect_status 0; expect_quiet
printf 'int wrong(void) { return nobody_has_this(); }\n' >> "$tmp/mine/fs/fuse/dev.c"
build_tree; expect_refusal "nobody_has_this()"
printf 'int *wrong(void) { return 1; }\n' > "$tmp/more"
cat "$tmp/dev.c" "$tmp/more" > "$tmp/mine/fs/fuse/dev.c"
build_tree; expect_refusal "dev.c"
cp -p "$tmp/dev.c" "$tmp/mine/fs/fuse/dev.c"
build_tree; expect_status 0
built=$out

# cut off in the cache: built again
before=$(stat -c %i,%y,%s "$built")
build_tree
[[ $out == "$built" && $(stat -c %i,%y,%s "$built") == "$before" ]] || fail "compiled twice"
truncate -s 1000 "$built"
build_tree; expect_status 0; expect_quiet
[[ $(stat -c %s "$built") -gt 1000 ]] || fail "it should be compiled again"
truncate -s 100 "$built.places"
build_tree; expect_status 0; expect_quiet
[[ $(stat -c %s "$built.places") -gt 100 ]] || fail "the map should be written again"

# cut off in the tree, or without something that dev_uring.c needs
head -n 400 "$tree/fs/fuse/dev_uring.c" > "$tmp/mine/fs/fuse/dev_uring.c"
build_tree; expect_refusal "does not fit"
cp "$tree/fs/fuse/dev_uring.c" "$tmp/mine/fs/fuse/dev_uring.c"
: > "$tmp/mine/include/uapi/linux/fuse.h"
run_tree "$tmp/mine"; expect_refusal "include/uapi/linux/fuse.h is empty" 5
[[ -z $(find "$URINGSIM_CACHE/trees" -name '.build.*') ]] || fail "half a build was left"
finish
