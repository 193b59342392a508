#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim subjects tells the truth: every SHA-256 is that of the file in the tree.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

first_subject
try "$URINGSIM" subjects
expect_status 0
expect_quiet
cp "$tmp/out" "$tmp/list"

for version in 7.2 7.3; do
	[[ -e $URINGSIM_SUBJECTS/linux-$version.so ]] || continue
	kernel_tree $version
	grep -q "^linux-$version .*unmodified" "$tmp/list" || fail "linux-$version is unmodified"
	sed -n "/^linux-$version /,/^[a-z]/s/^    \([0-9a-f]\{64\}  \)/\1/p" "$tmp/list" > "$tmp/sums"
	grep -q ' fs/fuse/dev_uring.c$' "$tmp/sums" || fail "dev_uring.c is not listed"
	(cd "$tree" && sha256sum --check --quiet "$tmp/sums") > "$tmp/check" 2>&1 ||
		fail "sums of linux-$version differ: $(cat "$tmp/check")"
done
finish
