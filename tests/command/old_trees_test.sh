#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whole trees, and folders with fs/fuse, that URINGSIM_TREES names, with a colon between
# them: each is compiled in both modes, plays all that it can, meets nothing that the shim
# does not model, is not changed, and starts quickly the second time.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
[[ -n ${URINGSIM_TREES:-} ]] || skip "URINGSIM_TREES names no trees"
export URINGSIM_CACHE=$tmp/cache

sums() { (cd "$1" && find . -type f -not -path './.git/*' -print0 | sort -z | xargs -0 sha256sum); }

IFS=: read -ra trees <<< "$URINGSIM_TREES"
for tree in "${trees[@]}"; do
	before=$(sums "$tree")
	for mode in plain hooked; do
		try "$root/tools/build-subject" --tree "$tree" --name "tree:$(basename "$tree")" \
			--mode "$mode" --cc "${CC:-gcc}" --check-only
		expect_status 0; expect_quiet
	done
	try "$URINGSIM" run --quiet --tree "$tree" --json "$tmp/played.json"
	[[ $status == 0 || $status == 1 ]] || fail "it should be played"
	python3 - "$tmp/played.json" <<'END' || fail "what was played is wrong"
import json, sys
played = json.load(open(sys.argv[1]))
kinds = {failure["kind"] for each in played for failure in each["failures"]}
print(len(played), "scenarios,", len(kinds), "kinds of failures")
assert len(played) >= 80, len(played)
assert all(each["state"] == "done" for each in played)
assert "unmodelled" not in kinds
END
	started=$(date +%s%N)
	try "$URINGSIM" run round-trip --quiet --tree "$tree"
	echo "$(basename "$tree"): $((($(date +%s%N) - started) / 1000000)) ms when it is known"
	[[ $(sums "$tree") == "$before" ]] || fail "$tree was changed"
done
finish
