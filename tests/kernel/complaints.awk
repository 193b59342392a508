# SPDX-License-Identifier: GPL-2.0-only
# Shows what the kernel complains about on a guest's console, each complaint with the
# lines after it. A race that tests/kernel/known-races (-v known=FILE) knows for this
# subject (-v subject=NAME) is counted and not shown.
# Exit status: 0 nothing to complain about, 1 something.

BEGIN {
	bad = "KASAN:|KCSAN:|KFENCE:|UBSAN:|BUG:|WARNING:|Oops|Kernel panic" \
		"|general protection|INFO: task .* blocked|INFO: rcu.* stall|soft lockup" \
		"|possible circular locking|inconsistent lock state|suspicious RCU" \
		"|ODEBUG:|refcount_t:|list_(add|del) corruption"
	while ((getline line < known) > 0) {
		if (line !~ /^[^#[:space:]]/)
			continue
		split(line, part, / /)
		sub(/^[^ ]+ /, "", line)
		if (part[1] == "*" || part[1] == subject)
			is_known[line] = 1
	}
}

{ sub(/\r$/, "") }

# a race's report ends with a line like the one that it began with
/BUG: KCSAN: data-race in / {
	race = $0
	sub(/.*data-race in /, "", race)
	seen[race]++
	if (race in is_known) {
		skip = 1
		next
	}
}
$0 ~ bad {
	left = 41
	status = 1
	skip = 0
}
skip {
	if (/==========/)
		skip = 0
	next
}
left > 0 {
	print
	left--
}

END {
	for (race in seen)
		if (race in is_known)
			printf "# known race, %d times: %s\n", seen[race], race | "sort"
	close("sort")
	exit status
}
