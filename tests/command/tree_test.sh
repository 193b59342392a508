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
run_tree "$tmp/empty"; expect_refusal "it has no fs/fuse"
mkdir -p "$tmp/old/fs/fuse"
echo "int x;" > "$tmp/old/fs/fuse/dev.c"
run_tree "$tmp/old"; expect_refusal "it has no fs/fuse/dev_uring.c"
run_tree "$tmp/old/fs/fuse/dev.c"; expect_refusal "not a folder"
[[ ! -e $URINGSIM_CACHE ]] || [[ -z $(find "$URINGSIM_CACHE" -type f) ]] || fail "the cache is not empty"

URINGSIM_CACHE=$real_cache kernel_tree 7.3
cp -r "$tree" "$tmp/mine"
URINGSIM_CACHE=/dev/null/cache run_tree "$tmp/mine"
expect_refusal "cannot write the cache /dev/null/cache"

run_tree "$tmp/mine"
expect_status 0
expect_out "tree:mine"
[[ $(find "$URINGSIM_CACHE/trees" -name '*.so' | wc -l) == 1 ]] || fail "one subject is cached"
# a second time it is not compiled: a compiler that fails would be noticed
before=$(stat -c %i,%y "$URINGSIM_CACHE"/trees/*.so)
run_tree "$tmp/mine" round-trip; expect_status 0
[[ $(stat -c %i,%y "$URINGSIM_CACHE"/trees/*.so) == "$before" ]] || fail "compiled twice"

# cut off in the cache: built again
truncate -s 1000 "$URINGSIM_CACHE"/trees/*.so
run_tree "$tmp/mine" round-trip; expect_status 0
[[ $(stat -c %i,%y "$URINGSIM_CACHE"/trees/*.so) != "$before" ]] || fail "not compiled again"
truncate -s 1000 "$URINGSIM_CACHE"/trees/*.places
run_tree "$tmp/mine" round-trip; expect_status 0; expect_quiet
[[ $(stat -c %s "$URINGSIM_CACHE"/trees/*.places) -gt 1000 ]] || fail "the map should be written again"

# cut off in the tree, or without something that dev_uring.c needs
head -n 400 "$tree/fs/fuse/dev_uring.c" > "$tmp/mine/fs/fuse/dev_uring.c"
run_tree "$tmp/mine"; expect_refusal "does not fit"
cp "$tree/fs/fuse/dev_uring.c" "$tmp/mine/fs/fuse/dev_uring.c"
: > "$tmp/mine/include/uapi/linux/fuse.h"
run_tree "$tmp/mine"; expect_refusal "include/uapi/linux/fuse.h is empty"
[[ -z $(find "$URINGSIM_CACHE/trees" -name '.build.*') ]] || fail "half a build was left"
finish
