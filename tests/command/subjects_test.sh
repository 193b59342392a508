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
	newest=$version
done

# the newest Linux has a name of its own: by number, and one that is built
if [[ ${newest:-} ]]; then
	mkdir "$tmp/subjects"
	for name in linux-7.2 linux-7.10 bufring linux-x; do
		cp "$URINGSIM_SUBJECTS/linux-$newest.so" "$tmp/subjects/$name.so"
	done
	echo "linux-7.11 it is gone" > "$tmp/subjects/SKIPPED"
	URINGSIM_SUBJECTS=$tmp/subjects try "$URINGSIM" subjects
	expect_status 0; expect_out "linux          linux-7.10, the newest that is built"
	try "$URINGSIM" run --subject linux round-trip --suppress none --detect none; linux=$out
	try "$URINGSIM" run --subject "linux-$newest" round-trip --suppress none --detect none
	[[ $out == "$linux" ]] || fail "linux should be linux-$newest"
fi
finish
