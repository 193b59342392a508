#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/fetch-kernel without a network, on a package made here: whole, cut off,
# damaged in the cache; a cache that cannot be written; a mirror out of reach.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

fetch=$root/tools/fetch-kernel
command -v dpkg-deb > /dev/null || skip "no dpkg-deb"
export URINGSIM_CACHE=$tmp/cache
source=$URINGSIM_CACHE/sources/linux-9.9

# a package as Debian's, of five small files
mkdir -p "$tmp/linux-source-9.9"/{fs/fuse,include/linux/io_uring,include/uapi/linux} \
	"$tmp/deb"/{DEBIAN,usr/src}
for file in fs/fuse/{dev_uring,dev,inode}.c include/linux/io_uring/cmd.h \
	include/uapi/linux/{fuse,io_uring}.h Makefile; do
	echo "/* $file */" > "$tmp/linux-source-9.9/$file"
done
tar -C "$tmp" -cJf "$tmp/deb/usr/src/linux-source-9.9.tar.xz" linux-source-9.9
printf 'Package: linux-source-9.9\nVersion: 9.9.1-1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: test\n' \
	> "$tmp/deb/DEBIAN/control"
dpkg-deb --build "$tmp/deb" "$tmp/whole.deb" > /dev/null
head -c 600 "$tmp/whole.deb" > "$tmp/cut.deb"

# expect_clean: nothing half-written, nothing temporary
expect_clean() {
	[[ -z $(find "$URINGSIM_CACHE" -name '.fetch.*' 2> /dev/null) ]] || fail "a temporary folder is left"
	[[ ! -e $source ]] || fail "half a source is left"
}

try "$fetch"; expect_refusal "name a version"
try "$fetch" latest; expect_refusal "latest is not a version"
try "$fetch" --deb "$tmp/none.deb" 9.9; expect_refusal "cannot read"
try "$fetch" --verify 9.9; expect_refusal "not in the cache"
try "$fetch" --cache /dev/null/cache 9.9; expect_refusal "cannot write the cache /dev/null/cache"

try "$fetch" --deb "$tmp/cut.deb" 9.9; expect_refusal "cannot be unpacked"; expect_clean
try "$fetch" --optional --deb "$tmp/cut.deb" 9.9
expect_status 0; expect_out "linux-9.9: skipped"; expect_clean

try "$fetch" --deb "$tmp/whole.deb" 9.9
expect_status 0
expect_out "fetched 9.9.1-1"
[[ ! -e $source/Makefile && -e $source/fs/fuse/inode.c ]] || fail "the wanted files, no others"
grep -q "^deb-sha256 $(sha256sum < "$tmp/whole.deb" | cut -d' ' -f1)" "$source/SOURCE" ||
	fail "the package's checksum is kept"
try "$fetch" --verify 9.9; expect_status 0; expect_quiet

# each way to be damaged is noticed, said, and mended
mend() {
	try "$fetch" --verify 9.9
	expect_refusal "cache is damaged"
	expect_err "run tools/fetch-kernel 9.9 again"
	try "$fetch" --deb "$tmp/whole.deb" 9.9
	expect_status 0
	expect_out "cache is damaged"
	try "$fetch" --verify 9.9
	expect_status 0
}
truncate -s 3 "$source/fs/fuse/dev_uring.c"; mend
rm "$source/fs/fuse/inode.c"; mend
truncate -s 100 "$source/SOURCE"; mend
rm "$source/SOURCE"; mend

# how far it is, which a busy machine has time to say, is not a complaint
complains() {
	try "$@"
	sed -i '/: reading the indexes of the mirror$/d' "$tmp/err"
}

# no mirror can be reached: the port of "discard" on this machine
if command -v apt-get > /dev/null; then
	rm -rf "$URINGSIM_CACHE"
	echo 'Acquire::http::Proxy "http://127.0.0.1:9"; Acquire::https::Proxy "http://127.0.0.1:9";' \
		> "$tmp/apt.conf"
	export APT_CONFIG=$tmp/apt.conf
	complains "$fetch" 9.9
	expect_refusal "linux-9.9: "
	expect_clean
	try "$fetch" --optional 9.9
	expect_status 0
	expect_out "skipped"
	expect_clean
	# it may be offered all the same
	complains "$fetch" --offered 9.9
	expect_refusal "linux-9.9: "

	# a mirror that answers, and has no such package
	unset APT_CONFIG
	mkdir -p "$tmp/bin" "$tmp/mirror/dists"/{unstable,testing,stable}
	for suite in unstable testing stable; do
		echo "Codename: $suite" > "$tmp/mirror/dists/$suite/InRelease"
	done
	cat > "$tmp/bin/apt-get" <<-END
		#!/bin/sh
		case "\$*" in
		indextargets*) echo "main stable file://$tmp/mirror" ;;
		*update) cat "$tmp/said"; touch "\${APT_CONFIG%/*}/state/lists/x_Packages" ;;
		esac
	END
	printf '#!/bin/sh\nexit 100\n' > "$tmp/bin/apt-cache"
	chmod +x "$tmp/bin"/*
	: > "$tmp/said"
	try env PATH="$tmp/bin:$PATH" "$fetch" --offered 9.9
	expect_status 0
	expect_out "linux-9.9: skipped: no suite of the mirror offers linux-source-9.9"
	try env PATH="$tmp/bin:$PATH" "$fetch" 9.9
	expect_refusal "no suite of the mirror offers linux-source-9.9"
	# one that lacks a suite has answered; one whose suite could not be read has not
	echo "E: Failed to fetch file:/x/InRelease  404  Not Found" > "$tmp/said"
	try env PATH="$tmp/bin:$PATH" "$fetch" --offered 9.9
	expect_status 0
	echo "W: Failed to fetch file:/x/InRelease  Could not connect" > "$tmp/said"
	try env PATH="$tmp/bin:$PATH" "$fetch" --offered 9.9
	expect_refusal "no suite of the mirror offers linux-source-9.9"

	# which versions there are: the mirror says so, once
	with_mirror() { try env PATH="$tmp/bin:$PATH" "$fetch" "$@"; }
	mirror_has() {
		printf 'linux-source-%s - Linux\n' "$@" > "$tmp/offered"
		# shellcheck disable=SC2016 # for the script to expand
		printf '#!/bin/sh\ncase "$*" in *search*) echo asked >> "%s/asks"; cat "%s/offered";; *) exit 100;; esac\n' \
			"$tmp" "$tmp" > "$tmp/bin/apt-cache"
		: > "$tmp/asks"
	}
	# in_cache VERSION: as if it had been fetched
	in_cache() {
		mkdir -p "$URINGSIM_CACHE/sources"
		cp -r "$tmp/9.9" "$URINGSIM_CACHE/sources/linux-$1"
	}
	asks() { [[ $(wc -l < "$tmp/asks") == "$1" ]] || fail "the mirror is asked $1 times"; }
	"$fetch" --deb "$tmp/whole.deb" 9.9 > /dev/null
	mv "$source" "$tmp/9.9"
	rm -rf "$URINGSIM_CACHE"
	: > "$tmp/said"
	mirror_has 6.12 6.1 10.0 9.9
	in_cache 10.0
	in_cache 8.8
	in_cache 6.12
	with_mirror --optional --newest
	expect_status 0; expect_out "linux-10.0: in the cache"; asks 1
	[[ $out != *linux-9.9:* && $out != *linux-8.8* ]] || fail "the newest alone"
	with_mirror --optional --all
	expect_status 0; asks 1
	expect_out "linux-10.0: in the cache"
	expect_out "linux-8.8: in the cache"
	expect_out "linux-9.9: skipped: no suite of the mirror offers linux-source-9.9"
	expect_out "linux-7.2: skipped: no suite of the mirror offers linux-source-7.2"
	[[ $out != *linux-6.* ]] || fail "6.12 is too old"
	# 9.9 is offered and cannot be had: apt-cache show fails
	with_mirror --offered --all
	expect_status 0; expect_out "linux-7.2: skipped: no suite"
	rm "$URINGSIM_CACHE/sources/OFFERED"
	mirror_has 9.9 10.0 11.0
	with_mirror --optional --newest 10.0 10.0
	expect_status 0; asks 1
	expect_out "linux-11.0: skipped"
	[[ $(grep -c 'linux-10.0' <<< "$out") == 1 ]] || fail "each version once"
	# a week later
	touch -d '8 days ago' "$URINGSIM_CACHE/sources/OFFERED"
	mirror_has 12.0
	in_cache 12.0
	with_mirror --optional --newest; expect_status 0; expect_out "linux-12.0: in the cache"; asks 1
	# read in part: what it had is not gone
	touch -d '8 days ago' "$URINGSIM_CACHE/sources/OFFERED"
	mirror_has 9.9
	echo "W: Failed to fetch file:/x/InRelease  Could not connect" > "$tmp/said"
	with_mirror --optional --newest; expect_status 0; expect_out "linux-12.0: in the cache"
	grep -qx 12.0 "$URINGSIM_CACHE/sources/OFFERED" || fail "12.0 may still be there"
	! grep -q whole "$URINGSIM_CACHE/sources/OFFERED" || fail "not all was read"
	# no network: what is in the cache, and the mirror is not asked again at once
	rm "$URINGSIM_CACHE/sources/OFFERED"
	export APT_CONFIG=$tmp/apt.conf
	try "$fetch" --optional --newest
	expect_status 0; expect_out "linux-12.0: in the cache"
	export PATH=$tmp/bin:$PATH
	unset APT_CONFIG
	: > "$tmp/asks"
	try "$fetch" --optional --newest; asks 0
	expect_out "linux-12.0: in the cache"
fi
finish
