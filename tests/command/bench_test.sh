#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim bench: names, rows on paper and as JSON. What is measured is not judged
# here, but what can be counted: the memory.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"

try "$URINGSIM" bench no-such-thing-at-all; expect_refusal "no benchmark no-such-thing"
try "$URINGSIM" bench pool; expect_refusal "did you mean pools?"
try "$URINGSIM" bench --json; expect_refusal "--json"
try "$URINGSIM" bench memory --json "$tmp/no/such/folder"; expect_refusal "cannot write"
[[ -z $out ]] || fail "that is seen before anything is measured"
try "$URINGSIM" bench --help; expect_status 0; expect_out "roundtrip"; expect_quiet

try "$URINGSIM" bench ring memory --quick --json "$tmp/rows"
expect_status 0
expect_quiet
expect_out "fifo,"
expect_out "lifo,"
python3 - "$tmp/rows" <<'END' || fail "the rows are not as they should be"
import json, sys

rows = json.load(open(sys.argv[1]))
rings = [r for r in rows if r["bench"] == "ring"]
assert {r["policy"] for r in rings} == {"fifo", "lifo"}
assert all(0 < r["ns_min"] <= r["ns_median"] <= r["ns_max"] for r in rings)

# a payload and a header slot for each entry, or a buffer each and packed slots
page, payload = 4096, 1 << 20
memory = [r for r in rows if r["bench"] == "memory" and r["what"] == "pages"]
assert len(memory) == 20
for r in memory:
    n, m = r["entries"], r["buffers"]
    slots = -(-n * 288 // page) * page
    want = m * payload + slots if m else n * (payload + page)
    assert r["pinned_bytes"] == want, r
END

# Ctrl-C: the rows until then are there; a job in the background would ignore it
tried="Ctrl-C"
python3 - "$URINGSIM" "$tmp/cut" <<'END' || fail "an interrupted benchmark is not as it should be"
import json, signal, subprocess, sys

for sent in signal.SIGINT, signal.SIGTERM:
    p = subprocess.Popen([sys.argv[1], "bench", "pools", "--json", sys.argv[2]], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    p.stdout.readline()
    assert "8 MiB" in p.stdout.readline() # one is complete
    p.send_signal(sent)
    out, err = p.communicate(timeout=60)
    assert (p.returncode, err) == (4, "uringsim: interrupted\n"), (p.returncode, err, out)
    rows = json.load(open(sys.argv[2]))
    assert rows and all("ratio_max" in row for row in rows), rows
END

# "explore" measures the memory in a process of its own, which the signal comes to as well:
# what was not measured is no row, and no search is said to have gone wrong
tried="Ctrl-C of bench explore"
[[ ! -e $URINGSIM_SUBJECTS/hooked/linux-7.3.so ]] ||
	python3 - "$URINGSIM" "$tmp/cut" <<'END' || fail "an interrupted benchmark is not as it should be"
import json, os, signal, subprocess, sys, time

def interrupt(sent, whom, until):
    p = subprocess.Popen([sys.argv[1], "bench", "explore", "--json", sys.argv[2]], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    said = ""
    while until not in said and "left out" not in said: # by a build with AddressSanitizer
        said += p.stdout.readline()
    time.sleep(0.5)
    whom(p.pid, sent)
    out, err = p.communicate(timeout=60)
    assert (p.returncode, err) == (4, "uringsim: interrupted\n"), (p.returncode, err, out)
    rows = json.load(open(sys.argv[2]))
    assert all(len(row) > 2 for row in rows), rows
    try:
        os.killpg(p.pid, 0)
        assert False, "a process is left"
    except ProcessLookupError:
        pass
    return said + out, rows

for sent, whom in (signal.SIGINT, os.killpg), (signal.SIGINT, os.kill), (signal.SIGTERM, os.kill):
    out, rows = interrupt(sent, whom, "explore: ")
    assert " 0 kB" not in out and all(row.get("peak_rss_kb", 1) for row in rows), (out, rows)
# what puts memory back between executions does not forget the signal
out, rows = interrupt(signal.SIGINT, os.killpg, "peak resident")
assert rows and "random" not in out, (out, rows)
END
finish
