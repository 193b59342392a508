#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim bench memory: what is simulated is the same each time, and what must be true of
# any layout is; of how much is pinned: the bounds that follow from the sizes.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"

try "$URINGSIM" bench memory --quick --json "$tmp/rows"
expect_status 0
expect_quiet
expect_out "mixed: MiB pinned for the same waiting, by load"
first=$out
try "$URINGSIM" bench memory --quick --json "$tmp/again"
expect_status 0
[[ $out == "$first" ]] || fail "two runs should print the same"
cmp "$tmp/rows" "$tmp/again" || fail "two runs should have the same rows"

python3 - "$tmp/rows" "$first" <<'END' || fail "the rows are not as they should be"
import collections, json, sys

MIB, ENTRIES, REQUESTS = 1 << 20, 16, 1200
RINGS = {"ring", "pool 7.3", "inc", "inc 2 MiB", "classes even", "classes doubled", "classes fitted", "bytes"}
rows = [r for r in json.load(open(sys.argv[1])) if r["bench"] == "memory"]
said = sys.argv[2]
cases = {(s, l) for s in ("fixed", "mixed", "metadata") for l in ("50 %", "75 %", "90 %", "16 clients")}

waiting = collections.defaultdict(dict)
for r in rows:
    if r["what"] == "waiting":
        waiting[r["sizes"], r["load"]].setdefault(r["payload"], {})[r["amount"]] = r
assert set(waiting) == cases, set(waiting)
slots = 2 * 4096  # 16 of 288 bytes
for case, of in waiting.items():
    assert set(of) == RINGS | {"own"}, case
    own = of["own"][1]
    assert own["pinned_bytes"] == ENTRIES * (MIB + 4096) and not own["waited_for_room"]
    for payload, points in of.items():
        assert sorted(points) == list(range(1, len(points) + 1))
        for r in points.values():
            if r["overloaded"]:
                continue
            assert r["requests"] == REQUESTS, r
            assert r["waited_for_room"] <= r["waited"] <= REQUESTS
            assert r["peak_payload_bytes"] <= (r["peak_taken_bytes"] or ENTRIES * MIB)
            if payload != "own":
                assert r["peak_taken_bytes"] <= r["pinned_bytes"] - slots, r
        # as much room as anybody can use: as with entries of their own
        last = points[len(points)]
        if not last["waited_for_room"] and not last["overloaded"]:
            assert all(last[k] == own[k] for k in ("waited", "wait_mean_ns", "wait_p99_ns")), last
    # all have a payload, so 7.3's order of waiting is that of a plain ring
    same = ("pinned_bytes", "waited", "waited_for_room", "wait_mean_ns", "wait_p99_ns")
    assert len(of["ring"]) == len(of["pool 7.3"])
    for a, r in of["ring"].items():
        assert [r.get(k) for k in same] == [of["pool 7.3"][a].get(k) for k in same]
        assert r["pinned_bytes"] == a * MIB + slots
        # regions of a buffer are more than one, or it is the same
        if case[0] == "fixed" and a in of["inc"] and not r["overloaded"]:
            assert of["inc"][a]["wait_mean_ns"] <= r["wait_mean_ns"], (case, a)

equal = {(r["sizes"], r["load"], r["payload"]): r for r in rows if r["what"] == "equal"}
for case in cases:
    get = lambda payload: equal.get((*case, payload))
    assert get("own") and get("ring") and get("inc") and get("bytes")
    assert get("bytes")["pinned_bytes"] <= get("inc")["pinned_bytes"] <= get("ring")["pinned_bytes"]
    for payload in RINGS - {"bytes"}:
        r = get(payload)
        assert not r or all(0 < r[f"{p}_touched_bytes"] < r["pinned_bytes"] for p in ("fifo", "lifo")), r
    # of requests of one size: whoever has most at a time uses that, and fifo all
    assert case[0] != "fixed" or get("ring")["lifo_touched_bytes"] <= get("ring")["fifo_touched_bytes"]
    assert get("own")["lifo_touched_bytes"] == get("own")["fifo_touched_bytes"]
# 128 KiB at a time: 16 of them are 2 MiB, and no layout does with less
assert equal["fixed", "75 %", "bytes"]["pinned_bytes"] == 2 * MIB + slots
assert all(r["ratio"] == r["pinned_bytes"] / r["ring_pinned_bytes"] for r in rows if r["what"] == "ratio")

# the table of these: a column for each number of buffers that keeps up
for sizes in "fixed", "mixed", "metadata":
    lines = said.split(f"  {sizes}, load 75 %: % of what a ring of N buffers pins")[1].splitlines()[1:]
    columns, lines = [int(n) for n in lines[0].split()], lines[1:]
    assert columns and columns[-1] == 16, columns
    printed = {}
    for line in lines[:len(RINGS)]:
        printed.update(((line[4:20].strip(), n), cell) for n, cell in zip(columns, line[20:].split(), strict=True))
    wanted = {(r["payload"], r["ring_buffers"]): f"{100 * r['ratio']:.0f}" for r in rows
              if r["what"] == "ratio" and (r["sizes"], r["load"]) == (sizes, "75 %")}
    assert wanted and wanted == {k: v for k, v in printed.items() if v != "-"}, (wanted, printed)
END
finish
