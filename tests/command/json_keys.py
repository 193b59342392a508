#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""json_keys.py FILE SUBJECT: is this what "uringsim run --json" promises?"""

import json
import sys

KEYS = {"uringsim", "subject", "version", "tree", "scenario", "state", "sources", "strategy", "points", "seed", "executions", "complete",
        "cpu_s", "wall_s", "executions_per_cpu_s", "peak_rss_kb", "failures", "suppressed", "answers"}

with open(sys.argv[1], encoding="utf-8") as file:
    results = json.load(file)
assert results, "no result"
for result in results:
    assert set(result) == KEYS, set(result) ^ KEYS
    assert result["subject"] == sys.argv[2]
    assert result["strategy"] == "default" and result["executions"] == 1
    assert result["state"] == "done" and result["tree"] is None
    assert all(len(file["sha256"]) == 64 for file in result["sources"])
    assert any(file["path"].endswith("/dev_uring.c") for file in result["sources"])
    assert result["cpu_s"] >= 0 and result["peak_rss_kb"] > 0
    for failure in result["failures"]:
        assert set(failure) == {"kind", "summary", "where", "group", "report_group", "schedule", "detail"}, failure
