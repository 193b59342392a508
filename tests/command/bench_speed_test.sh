#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The slower half of uringsim bench: round trips on every subject, and pools up to
# a GiB. What is measured is not judged, but it must be there and make sense.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -e $URINGSIM_SUBJECTS/bufring.so ]] || skip "subject bufring is not built"

try "$URINGSIM" bench roundtrip pools --json "$tmp/rows"
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
assert len([r for r in rows if r["bench"] == "pools"]) == 8
END
finish
