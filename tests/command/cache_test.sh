#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Scripts and Python have the same cache.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/cache.sh
. "$root/tools/cache.sh"

# compare WANTED [VARIABLE=VALUE]...: both say WANTED, with no other variable set
compare() {
	local wanted=$1 path=$root/tools
	shift
	try env -i PATH="$PATH" "$@" "$path/build-subject" --print-cache
	expect_status 0
	[[ $out == "$wanted" ]] || fail "build-subject should say $wanted"
	try env -i PATH="$PATH" "$@" bash -c ". '$path/cache.sh'; default_cache"
	expect_status 0
	[[ $out == "$wanted" ]] || fail "cache.sh should say $wanted"
}

compare /a URINGSIM_CACHE=/a XDG_CACHE_HOME=/b HOME=/c
compare /b/uringsim URINGSIM_CACHE= XDG_CACHE_HOME=/b HOME=/c
compare /c/.cache/uringsim XDG_CACHE_HOME= HOME=/c
for tool in "$root/tools/build-subject --print-cache" \
	"bash -c '. $root/tools/cache.sh; default_cache'"; do
	try env -i PATH="$PATH" HOME= bash -c "$tool"
	expect_refusal "no HOME: set URINGSIM_CACHE"
done

# and it stands nowhere else: what only explains it to users does not count
cd "$root" || exit 1
try grep -rIlE 'XDG_CACHE_HOME[]:}"]' tools tests sim CMakeLists.txt
[[ $(sort <<< "$out") == "tools/cache.sh"$'\n'"tools/subject/places.py" ]] ||
	fail "the cache's path stands elsewhere, too"
finish
