#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim fuzz --soak: nothing is found in what is right; what is left over or lost after
# a failure is; a seed is the same each time, and one round can be played again.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -f $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"
soak() { try "$URINGSIM" fuzz --soak "$@"; }

soak --subject bufring --calls 4000 --json "$tmp/one"
expect_status 0
expect_out "each ended once"
expect_out "nothing found"
first=${out%%result *}
soak --subject bufring --calls 4000 --json "$tmp/two"
[[ $first == "${out%%result *}" ]] || fail "the same seed is the same run"
soak --subject bufring --calls 4000 --seed 2
[[ $first != "${out%%result *}" ]] || fail "another seed is another run"
soak --subject bufring --calls 4000 --jobs 2 --json "$tmp/two"
expect_status 0
expect_out "worlds    2,"
python3 - "$tmp/one" "$tmp/two" << 'P' || fail "the figures are not as they should be"
import json, sys
for path in sys.argv[1:]:
    result = json.load(open(path))[0]
    s = result["soak"]
    assert result["scenario"] == "soak" and result["state"] == "done", result
    assert 4000 <= s["calls"] < 4100 and s["rounds"] == s["looks"] > 100, s
    assert s["calls"] > 10 * s["failed"] > 0 and s["faults"] > 10, s
    assert s["bytes"] > 100000 and s["allocated"] > s["calls"] and s["exits"] > 0, s
P
soak --subject bufring --calls 4000 --faults 0
expect_out "failures  0 injected"

# mistakes that a failed copy shows, after some rounds
source=$root/sim/kernel/fs/fuse
mkdir "$tmp/overlay" "$tmp/subjects"
# mistake NAME PATTERN REPLACEMENT: in the file that ends requests
mistake() {
	sed "s/$2/$3/" "$source/dev_uring_queue.h" > "$tmp/overlay/dev_uring_queue.h"
	! cmp -s "$source/dev_uring_queue.h" "$tmp/overlay/dev_uring_queue.h" || fail "$1 is no mistake"
	"$root/tools/build-subject" --tree "$root/sim/kernel" --name "$1" --cflags "-O1 -g" \
		--place-map "$(dirname "$URINGSIM")/place-map" --cc "${CC:-gcc}" \
		--overlay "$tmp/overlay/dev_uring_queue.h" --out "$tmp/subjects/$1.so" ||
		fail "$1 does not compile"
	URINGSIM_SUBJECTS=$tmp/subjects soak --subject "$1" --calls 40000
	expect_status 1
}
mistake leaks 'if (error)$' 'if (error == -EFAULT)\n\t\tfuse_get_request(req);\n\tif (error)'
expect_out "live == k.live"
again=$(sed -n 's/^again     uringsim //p' <<< "$out")
again=${again%%  (*}
# shellcheck disable=SC2086  # as a shell reads it
URINGSIM_SUBJECTS=$tmp/subjects try "$URINGSIM" $again
expect_status 1
expect_out "live == k.live"
expect_out "fuse_request_sent"
mistake loses 'fuse_request_end(req);$' 'if (error != -EFAULT)\n\t\tfuse_request_end(req);'
expect_out "never came back"

# one line for what is wrong
soak --subject bufring --round 0; expect_refusal "--round takes a number from 1"
soak --subject nobody; expect_refusal "nobody"
soak --calls 5 --json "$tmp/none/x"; expect_refusal "$tmp/none/x"
# Ctrl-C
"$URINGSIM" fuzz --soak --subject bufring > "$tmp/out" 2>&1 &
catches $! INT
sleep 0.5
kill -INT $!
wait $!
status=$? tried="interrupted" out=$(< "$tmp/out")
expect_status 4
finish
