#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The slower half of uringsim bench: round trips on every subject, and pools up to
# a GiB. What is measured is not judged, but it must be there and make sense.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"

try "$URINGSIM" bench roundtrip pools --quick --json "$tmp/rows"
expect_status 0
expect_quiet
expect_out "1024 MiB: fifo"
python3 - "$tmp/rows" "$URINGSIM_SUBJECTS" <<'END' || fail "the rows are not as they should be"
import json, pathlib, sys

rows = json.load(open(sys.argv[1]))
trips = [r for r in rows if r["bench"] == "roundtrip"]
built = {p.stem for p in pathlib.Path(sys.argv[2]).glob("*.so")}
assert {r["subject"] for r in trips} == built, built
assert all(0 < r["ns_min"] <= r["ns_median"] <= r["ns_max"] for r in trips)
pools = [r for r in rows if r["bench"] == "pools"]
assert len([r for r in pools if r["in_flight"] == 1]) == 8
assert {(r["sizes"], r["payload"]) for r in pools if r["in_flight"] > 1} == {
    (s, p) for s in ("fixed", "mixed", "metadata") for p in ("ring", "inc", "classes doubled")}
assert all(r["fifo_gib_per_s"] > 0 and r["lifo_gib_per_s"] > 0 for r in pools)
assert all(0 < r["ratio_min"] <= r["ratio_median"] <= r["ratio_max"] for r in pools)
END

# the searches: counts, rates, and two REGISTERs that start from memory put back
try "$URINGSIM" bench explore --quick --json "$tmp/rows"
expect_status 0
expect_quiet
registers=1
if nm "$URINGSIM" | grep -q __asan_init && [[ -e $URINGSIM_SUBJECTS/linux-7.3.so ]]; then
	registers=0
	expect_out "left out, no memory is put back beside AddressSanitizer"
fi
counters=0 # of a build that counts: they are memory, and put back with the rest; these and its longer code are 1250 kB
[[ $(nm "$URINGSIM") != *__gcov* ]] || counters=1
python3 - "$tmp/rows" "$URINGSIM_SUBJECTS" $registers $counters <<'END' || fail "the rows of explore are not as they should be"
import json, pathlib, sys

rows = [r for r in json.load(open(sys.argv[1])) if r["bench"] == "explore"]
counts = {r["model"]: r["executions"] for r in rows if r["what"] == "exhaustive"}
assert counts == {"ring-2": 70, "ring-3": 15642, "qrace-2": 4, "qrace-3": 15}, counts
hooks = (pathlib.Path(sys.argv[2]) / "hooked").exists()
assert [(r["model"], r["detect"]) for r in rows if r["what"] == "random"] == [
    (model, detect) for detect in (["none", "all"] if hooks else ["none"])
    for model in ("ring-3", "qrace-2")]
built = pathlib.Path(sys.argv[2])
want = [(False, "none")] if (built / "linux-7.3.so").exists() else []
if (built / "hooked" / "linux-7.3.so").exists():
    want += [(True, "none"), (True, "all")]
for what, there in ("registers", int(sys.argv[3])), ("roundtrip", True):
    have = [(r["hooked"], r["detect"]) for r in rows if r["what"] == what]
    assert have == (want if there else []), what
assert all(0 < r["restored_bytes"] < 65536 << 2 * int(sys.argv[4]) for r in rows if r["what"] == "registers")
memory = [r for r in rows if r["what"] == "memory"]
assert len(memory) == (len(want) > 1 and int(sys.argv[3]))
assert all(0 < r["peak_rss_kb"] < 6000 + 1400 * int(sys.argv[4]) for r in memory), memory
END
finish
