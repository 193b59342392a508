#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uringsim cache lists all that is in the cache; with --clean it removes what nobody needs,
# and nothing else.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

export URINGSIM_CACHE=$tmp/cache
program=$URINGSIM
cache() { try "$program" cache "$@"; }

cache; expect_status 0; expect_out "cache $tmp/cache"; expect_out "no such folder"; expect_quiet
cache more; expect_refusal "one argument too many"
: > "$tmp/file"
URINGSIM_CACHE=$tmp/file cache; expect_status 0; expect_out "no such folder"

# ---- sources, images and kernels

# source VERSION LAST: as tools/fetch-kernel leaves it
source_of() {
	mkdir -p "$tmp/cache/sources/linux-$1"
	printf 'package linux-source-%s\nversion %s.1-1\n%s\n' "$1" "$1" "$2" \
		> "$tmp/cache/sources/linux-$1/SOURCE"
}
# old PATH: and what is in it was last written to yesterday
old() { find "$1" -exec touch -d '1 day ago' {} +; }
source_of 7.3 end
source_of 7.2 "sha256 cut o"
source_of 6.99 end
mkdir -p "$tmp/cache"/{images/linux-7.3,kernels/source-7.2,chroot,sources/.fetch.aaaaaa,sources/.fetch.bbbbbb}
echo "package linux-image" > "$tmp/cache/images/linux-7.3/IMAGE"
head -c 3000000 /dev/zero | tr '\0' x > "$tmp/cache/sources/.fetch.aaaaaa/deb"
echo y > "$tmp/cache/chroot/bookworm.tar"
: > "$tmp/cache/of-somebody-else"
old "$tmp/cache/sources/.fetch.aaaaaa"
old "$tmp/cache/chroot"
# LINE: a line of the output begins with the first, and has the second
expect_line() { grep -qE "^$1 .*$2" <<< "$out" || fail "a line should begin with $1 and have $2"; }
cache
expect_status 0; expect_quiet
expect_line sources/linux-7.3 "source of Linux 7.3.1-1"
expect_line sources/linux-7.2 "not needed: it is not whole"
expect_line sources/linux-6.99 "not needed: no subject is made of Linux 6.99"
expect_line images/linux-7.3 "linux-image"
expect_line kernels/source-7.2 "kernel"
expect_line sources/.fetch.aaaaaa "3.0 MB .*not needed: half made"
expect_line sources/.fetch.bbbbbb "being made"
expect_line of-somebody-else ""
expect_line chroot/bookworm.tar ""
expect_out "of it nobody needs: uringsim cache --clean"
expect_line chroot/bookworm.tar "$(date -d '1 day ago' +%F)|$(date +%F)"
find "$tmp/cache" | sort > "$tmp/before"
cache; find "$tmp/cache" | sort | cmp - "$tmp/before" || fail "listing should remove nothing"

cache --clean
expect_status 0; expect_quiet; expect_out "removed 3.0 MB"
for path in sources/linux-7.2 sources/linux-6.99 sources/.fetch.aaaaaa; do
	[[ ! -e $tmp/cache/$path ]] || fail "$path should be gone"
done
for path in sources/linux-7.3/SOURCE sources/.fetch.bbbbbb images/linux-7.3/IMAGE kernels/source-7.2 \
	chroot/bookworm.tar of-somebody-else; do
	[[ -e $tmp/cache/$path ]] || fail "$path should have stayed"
done
cache; expect_out "all of it is needed"

# ---- trees, built by a copy of our own tools, so that those can change

copy=$tmp/copy
mkdir -p "$copy/build"
cp -r "$root/tools" "$root/kernel_shim" "$root/sim" "$copy/"
program=$copy/build/uringsim
cp "$URINGSIM" "$(dirname "$URINGSIM")/place-map" "$copy/build/"
find "$copy" -exec touch -d '1 day ago' {} +
cp -r "$root/sim/kernel" "$tmp/mine"
cp -r "$root/sim/kernel" "$tmp/other"
tree() { try "$program" run --detect none --tree "$1" round-trip; expect_status 0; }
subjects() { find "$tmp/cache/trees" -name '*.so' | wc -l; }
tree "$tmp/mine"; tree "$tmp/other"
cache; expect_line 'trees/[0-9a-f]*' "tree $tmp/mine"; expect_out "all of it is needed"
# another program's are its own matter
try "$URINGSIM" cache; expect_out "all of it is needed"

# an earlier state of a tree is needed when one goes back to it
echo "/* more */" >> "$tmp/mine/fs/fuse/dev_uring.c"
tree "$tmp/mine"
[[ $(subjects) == 3 ]] || fail "three subjects should be there"
cache --clean; expect_out "all of it is needed"
[[ $(subjects) == 3 ]] || fail "three subjects should have stayed"

rm -r "$tmp/other"
cache; expect_line 'trees/[0-9a-f]*' "not needed: the tree is gone"
cache --clean; expect_status 0; expect_quiet
[[ $(subjects) == 2 ]] || fail "two subjects should have stayed"
before=$(stat -c %Y "$tmp"/cache/trees/*.so)
tree "$tmp/mine"
[[ $(stat -c %Y "$tmp"/cache/trees/*.so) == "$before" ]] || fail "what was kept should be found"

# what was half written by a process that is gone, and what no tree has
true & wait $!
echo x > "$tmp/cache/trees/aaaa.made.$!.part"
echo x > "$tmp/cache/trees/aaaa.made.$$.part"
echo x > "$tmp/cache/trees/bbbb.so"; old "$tmp/cache/trees/bbbb.so"
echo x > "$tmp/cache/trees/cccc.so"
mkdir "$tmp/cache/trees/.build.xxxxxxxx"; old "$tmp/cache/trees/.build.xxxxxxxx"
cache --clean; expect_status 0
for name in "aaaa.made.$!.part" bbbb.so .build.xxxxxxxx; do
	[[ ! -e $tmp/cache/trees/$name ]] || fail "$name should be gone"
done
for name in "aaaa.made.$$.part" cccc.so; do
	[[ -e $tmp/cache/trees/$name ]] || fail "$name should have stayed: somebody may be writing it"
done

# a header of ours is another: what was built with the old one will not be found again
echo "/* more */" >> "$copy/sim/sched/site.h"
cache; expect_line 'trees/[0-9a-f]*' "not needed: uringsim is another now"
rm -r "$copy/tools/subject/flags.toml" "$copy/sim"
try "$URINGSIM" cache; expect_status 0; expect_quiet
rm -r "$copy"
try "$URINGSIM" cache --clean
expect_status 0; expect_quiet; expect_line 'trees/[0-9a-f]*' "not needed: the uringsim that built it is gone"
[[ $(find "$tmp/cache/trees" -name '*.so' ! -name cccc.so | wc -l) == 0 ]] || fail "nothing should be left"
[[ -z $(find "$tmp/cache/trees" -name '*.made') ]] || fail "nothing should be left of the builds"

# one that cannot be removed is said
if ((EUID != 0)); then
	source_of 6.99 end
	chmod 500 "$tmp/cache/sources"
	try "$URINGSIM" cache --clean
	expect_refusal "Permission denied"
	chmod 700 "$tmp/cache/sources"
fi
finish
