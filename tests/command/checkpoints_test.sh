#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim explore with checkpoints and without: the same results, failures and schedules
# included, whatever searches and in as many processes.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# the_same ARGS...: explore with ARGS, both ways; what takes time aside, all is the same
the_same() {
	local way more=()

	for way in with without; do
		[[ $way == with ]] || more=(--no-checkpoints)
		try "$URINGSIM" explore --suppress none --schedules "$way" --json "$way.json" \
			"$@" "${more[@]}"
		expect_status 1
		printf '%s\n' "${out//without/with}" > "$way.out"
	done
	cmp -s with.out without.out || fail "another output: explore $*"
	python3 - with.json without.json <<-'PY' || fail "other results: explore $*"
		import json, sys
		times = {"cpu_s", "wall_s", "executions_per_cpu_s", "peak_rss_kb"}
		def results(name):
		    text = open(name).read().replace("without", "with")
		    return [{k: v for k, v in r.items() if k not in times} for r in json.loads(text)]
		one, other = (results(name) for name in sys.argv[1:])
		assert one and any(r["failures"] for r in one)
		for a, b in zip(one, other, strict=True):
		    assert a == b, {k: (a[k], b[k]) for k in a if a[k] != b.get(k)}
	PY
	diff -r with without > /dev/null || fail "other schedules: explore $*"
	rm -rf with without
}

list=(register-race killed-client abort waits-for-ring request-timeout exit-one-thread)
the_same "${list[@]}" --subject linux-7.2 --strategy exhaustive --preemptions 1 \
	--executions 400
the_same "${list[@]}" --subject linux-7.2 --strategy random --executions 200 --jobs 2
the_same "${list[@]}" --subject linux-7.2 --strategy surw --points all --executions 100
the_same "${list[@]}" --subject linux-7.2 --strategy pct --timers 1 --faults 1 \
	--executions 200
the_same abort request-timeout --subject linux-7.2 --budget quick
the_same round-trip abort --subject linux-7.2 --strategy exhaustive --preemptions 1 \
	--executions 300 --shard 2/3
