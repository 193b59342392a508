#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One mistake is told once: a list_move_tail() out of its lock, which is a dozen races and
# two broken rules. What is told names fields, functions and requests.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

kernel_tree 7.3
cd "$tmp" || exit 1
real_cache=$URINGSIM_CACHE
export URINGSIM_CACHE=$tmp/cache
cp -r "$real_cache/sources/linux-7.3" mine
python3 - mine/fs/fuse/dev_uring.c <<'PY'
import sys
text = open(sys.argv[1]).read()
move = "\tlist_move_tail(&ent->list, &queue->ent_in_userspace);\n"
rest = "\tent->cmd = NULL;\n\tfuse_uring_add_to_pq(ent);\n\tspin_unlock(&queue->lock);\n"
assert move + rest in text
open(sys.argv[1], "w").write(text.replace(move + rest, rest + move))
PY

try "$URINGSIM" explore abort zero-copy --tree mine --json r.json --executions 3000
expect_status 1
[[ $(grep -c '^failure' <<< "$out") -le 3 ]] || fail "one mistake is three failures at most"
[[ $(wc -l <<< "$out") -le 60 ]] || fail "60 lines are enough"
expect_out "race on ent->list: read in fuse_uring_entry_teardown, marked write in fuse_uring_send"
expect_out "likewise  race on queue->ent_in_userspace: read in fuse_uring_stop_list_entries, marked write in fuse_uring_send"
expect_out "server-0 made the earlier access"
expect_out "marked write by server-0 in fs/fuse/dev_uring.c:"
[[ $out != *shim_list* ]] || fail "what is inlined is the subject's function"
expect_out "is with a request, has a "
expect_out "(unique 4, of "
[[ $(compgen -G 'schedules/*.schedule' | wc -l) -le 3 ]] || fail "a failure has one schedule"
try python3 -c 'import json
failures = [f for r in json.load(open("r.json")) for f in r["failures"]]
print(len({f["group"] for f in failures}) <= 3 < len(failures), all(f["schedule"] for f in failures))'
expect_out "True True"
# what comes later is told with -v, too; -q leaves the scenarios' lines out
try "$URINGSIM" explore abort --tree mine --executions 6000 -v
expect_out "likewise  race on queue->ent_in_userspace"
try "$URINGSIM" explore abort --tree mine --executions 6000 -q
[[ $out != *$'\nscenario'* && $(head -n 1 <<< "$out") == failure* ]] || fail "-q is failures alone"

# a note of the trace says of which request it is
try "$URINGSIM" run round-trip --tree mine
expect_out "note       fuse_request_send LOOKUP, unique 4 "
expect_out "note       fuse_request_end LOOKUP, unique 4 "
finish
