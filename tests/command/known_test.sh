#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Known reports: what the shipped lists may say, that a new field in a known pair of
# functions is a failure, and which entries count for somebody's tree.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$tmp" || exit 1

# each race by its field, both functions, both accesses; nothing by a pattern of all
python3 - "$top"/sim/fuse/known/* <<'END' || fail "an entry is too wide"
import re, sys
for path in sys.argv[1:]:
    for entry in open(path).read().split("\n\n"):
        lines = [line.split(" ", 1) for line in entry.splitlines() if line[0] != "#"]
        keys = dict(lines)
        if not keys or "hash" in keys:
            continue
        at = f"{path}: {keys}"
        assert keys["reason"], at
        if keys["kind"] == "race":
            assert {"object", "functions", "access"} <= set(keys), at
            names = keys["object"] + keys["functions"]
            assert "*" not in names and re.search(r"\.|->", keys["object"]), at
        else:
            assert keys.get("rule") or keys.get("summary"), at
            assert keys.get("function") or keys.get("code"), at
END

# what is known of the kernel's code is known in any file, whatever its name
if [[ -e $URINGSIM_SUBJECTS/bufring-linux.so ]]; then
	printf '%s\n' "scenario mine" "payload bufring" "server s" "register queue 0 entry 0 payload-len 1 as bad" \
		"register queue 0 entry 0" "serve" "client c" "getattr ino 2" "expect bad result EINVAL" > mine.scenario
	try "$URINGSIM" explore mine.scenario --subject bufring-linux --executions 500 -v
	expect_status 0; expect_out "known     race        fuse_chan.iq.ops"
fi

source=${URINGSIM_CACHE:-$HOME/.cache/uringsim}/sources/linux-7.3
if [[ ! -e $URINGSIM_SUBJECTS/hooked/linux-7.3.so || ! -d $source/fs/fuse ]]; then
	finish
	exit
fi
"$top/tools/known-hashes" --check "$top/sim/fuse/known/linux-7.3" "$source" ||
	fail "tools/known-hashes was not run"

# an entry may say what called the function: an attribute that is copied to the server
if [[ -e $URINGSIM_SUBJECTS/hooked/linux-7.2.so ]]; then
	printf '%s\n' "scenario big" "server s" "prepare queue 0" "client c" \
		"setxattr name n ino 0 size 12288" >big.scenario
	for function in fuse_uring_args_to_ring fuse_uring_commit; do
		printf '%s\n' "kind kernel" "summary BUG" "function fuse_copy_fill" \
			"called $function" "reason a test" >"$function"
	done
	try "$URINGSIM" run big.scenario --subject linux-7.2 --suppress fuse_uring_args_to_ring
	expect_status 0; expect_out "called by fuse_uring_args_to_ring"
	try "$URINGSIM" run big.scenario --subject linux-7.2 --suppress fuse_uring_commit
	expect_status 1; expect_out "fuse_copy_fill"
fi
export URINGSIM_CACHE=$tmp/cache

copy() {
	mkdir -p "$1/fs" "$1/include/linux/io_uring" "$1/include/uapi/linux"
	cp -r "$source/fs/fuse" "$1/fs"
	cp "$source/include/linux/io_uring/cmd.h" "$1/include/linux/io_uring"
	cp "$source"/include/uapi/linux/{fuse,io_uring}.h "$1/include/uapi/linux"
}
play=("$URINGSIM" explore abort-answer abort-register --executions 1000 --points marked)

copy same
try "${play[@]}" --tree same
expect_status 0; expect_out "abort_with_err"
[[ $out != *"do not count"* ]] || fail "all entries speak of this code"

# USE.md's: written plainly where abort does, read plainly where commands come in
copy flag
sed -i 's/^\tbool abort_with_err;/&\n\tint my_flag;/' flag/fs/fuse/fuse_dev_i.h
sed -i 's/^\tfch->abort_with_err = abort_with_err;/&\n\tfch->my_flag = 1;/' flag/fs/fuse/dev.c
sed -i 's/^\tif (fch->abort_with_err)/\tif (fch->my_flag == 2)\n\t\treturn -EBUSY;\n&/' \
	flag/fs/fuse/dev_uring.c
try "${play[@]}" --tree flag
expect_status 1
expect_out "race on fuse_chan.my_flag: write in fuse_chan_abort, read in fuse_uring_cmd"
expect_out "known reports of linux-7.3 do not count: fuse_"
# ... nor if the list is taken for the tree's own
try "${play[@]}" --tree flag --suppress "$top/sim/fuse/known/linux-7.3"
expect_status 1; expect_out "race on fuse_chan.my_flag: "
[[ $out != *"race on fuse_chan.connected"* ]] || fail "that one is known"

# what the acquire orders is known in two scenarios alone, where others are in its way
copy relaxed
sed -i 's/smp_load_acquire(&ring->ready)/READ_ONCE(ring->ready)/' relaxed/fs/fuse/dev_uring_i.h
try "$URINGSIM" explore round-trip --executions 1000 --tree relaxed \
	--suppress "$top/sim/fuse/known/linux-7.3"
expect_status 1
expect_out "race on fuse_chan.iq.ops: read in fuse_send_one, marked write in fuse_uring_do_register"

# the same field and functions, but a write that changes the value for a moment
play=("$URINGSIM" explore register-race --executions 2000)
try "${play[@]}" --subject linux-7.3 -v
expect_status 0; expect_out "if the value stays the same"
copy changes
sed -i 's/^\t*\(queue->payload_mode =\) FUSE_PAYLOAD_PER_ENT;/\1 FUSE_PAYLOAD_UNSET;\n\tbarrier();\n&/' \
	changes/fs/fuse/dev_uring.c
try "${play[@]}" --tree changes --suppress "$top/sim/fuse/known/linux-7.3"
expect_status 1
expect_out "race on queue->payload_mode: write in fuse_uring_create_ring_ent, read in fuse_uring_create_ring_ent"
# both accesses, by their stacks
expect_out "made the earlier access"
play=("$URINGSIM" explore abort-answer abort-register --executions 1000 --points marked)

# a comment is no other code
copy comment
sed -i 's/^\tfch->abort_with_err = abort_with_err;/&\t\/* says which error *\//' \
	comment/fs/fuse/dev.c
try "${play[@]}" --tree comment
expect_status 0
[[ $out != *"do not count"* ]] || fail "a comment changes nothing"
finish
