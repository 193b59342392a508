#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/bench-pictures: rows that cannot be drawn are told in one line, before anything is
# drawn. gnuplot is one that draws an empty picture.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/bin" "$tmp/pictures"
# shellcheck disable=SC2016 # for the script to expand
printf '#!/bin/sh\nsed -n '\''s/^set output "\\(.*\\)"/\\1/p'\'' "$1" | while read -r svg; do printf "<svg>\\n</svg>\\n" > "$svg"; done\n' > "$tmp/bin/gnuplot"
chmod +x "$tmp/bin/gnuplot"
draw() { try env PATH="$tmp/bin:$PATH" "$root/tools/bench-pictures" "$@"; }

draw --help; expect_status 0; expect_quiet; expect_out "usage: tools/bench-pictures"
draw -h; expect_status 0; expect_out "usage: tools/bench-pictures"
draw; expect_refusal "name the folder for the pictures: tools/bench-pictures [--rows FILE] OUT"
draw --what; expect_refusal "no option --what"
draw --rows; expect_refusal "--rows needs a file"
draw --rows "$tmp/none"; expect_refusal "cannot read $tmp/none"
draw --rows "$tmp"; expect_refusal "cannot read $tmp"
: > "$tmp/rows"
draw --rows "$tmp/rows"; expect_refusal "name the folder for the pictures"
draw --rows "$tmp/rows" "$tmp/none"; expect_refusal "$tmp/none is no folder"
draw --rows "$tmp/rows" "$tmp/pictures" more; expect_refusal "more is one argument too many"

# rows PYTHON: what a benchmark writes, after this was done to it
rows() {
	python3 - "$1" > "$tmp/rows" <<-'END'
		import json, sys

		rows = []
		for sizes in "fixed", "mixed", "metadata":
		    rows.append({"bench": "memory", "what": "waiting", "sizes": sizes, "load": "75 %", "payload": "ring",
		                 "overloaded": False, "pinned_bytes": 4096, "wait_mean_ns": 2.5, "waited": 1, "requests": 2})
		    rows.append({"bench": "memory", "what": "waiting", "sizes": sizes, "load": "75 %", "payload": "ring",
		                 "overloaded": True})
		    rows.append({"bench": "pools", "sizes": sizes, "payload": "ring", "in_flight": 16,
		                 "pool_bytes": 1 << 25, "fifo_gib_per_s": 1.5, "lifo_gib_per_s": 2})
		exec(sys.argv[1])
		json.dump(rows, sys.stdout)
	END
}
# refused PYTHON TEXT
refused() {
	rows "$1"
	draw --rows "$tmp/rows" "$tmp/pictures"
	expect_refusal "bench-pictures: $tmp/rows$2"
	[[ -z $(ls "$tmp/pictures") ]] || fail "nothing should be drawn"
}

draw --rows "$tmp/rows" "$tmp/pictures"; expect_refusal "$tmp/rows is no JSON"
echo '[{"bench":' > "$tmp/rows"; draw --rows "$tmp/rows" "$tmp/pictures"; expect_refusal "$tmp/rows is no JSON"
printf '["\xff"]' > "$tmp/rows"; draw --rows "$tmp/rows" "$tmp/pictures"; expect_refusal "$tmp/rows is no JSON"
refused 'rows = {}' ": no list of rows"
refused 'rows[1] = 7' ": row 2 is no object"
refused 'rows = []' ': no rows of benchmark memory, "waiting", sizes fixed'
refused 'rows = [r for r in rows if r["bench"] != "pools"]' ": no rows of benchmark pools, sizes fixed"
for key in sizes load payload overloaded pinned_bytes wait_mean_ns waited requests; do
	refused "del rows[0]['$key']" ": row 1 has no \"$key\""
done
for key in sizes payload in_flight pool_bytes fifo_gib_per_s lifo_gib_per_s; do
	refused "del rows[2]['$key']" ": row 3 has no \"$key\""
done
refused 'rows[0]["waited"] = "many"' ': row 1: "waited" cannot be "many"'
refused 'rows[0]["waited"] = True' ': row 1: "waited" cannot be true'
refused 'rows[0]["requests"] = 0' ': row 1: "requests" cannot be 0'

rows ""
draw --rows "$tmp/rows" "$tmp/pictures"; expect_status 0; expect_quiet
[[ $(ls "$tmp/pictures") == $'bufring-pools.svg\nbufring-waited.svg\nbufring-waiting.svg' ]] || fail "three pictures"
finish
