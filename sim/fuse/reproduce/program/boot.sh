#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds reproducer.c, which lies beside this script, and boots a kernel in QEMU with it
# as its first program.
set -euo pipefail

cpus=1
version=7.3

usage() {
	cat <<-END
	Usage: boot.sh [--verbose] [BZIMAGE]

	BZIMAGE needs FUSE_IO_URING, DEVTMPFS, PROC_FS, SYSFS, SERIAL_8250_CONSOLE and
	initramfs support, all built in. Without one, in a checkout of uringsim:
	Debian's kernel $version, which tools/fetch-image fetches.

	Exit status: 0 the failure is there, 1 it is not, 2 wrong usage or nothing can be
	said, 77 something is missing that is needed.
	END
}

die() { printf 'boot.sh: %s\n' "$*" >&2; exit 2; }
skip() { printf 'boot.sh: skipped: %s\n' "$*" >&2; exit 77; }

image='' verbose=''
for arg; do
	case $arg in
	-h | --help) usage; exit 0 ;;
	-v | --verbose) verbose=1 ;;
	-*) die "unknown option $arg (see --help)" ;;
	*) [[ ! $image ]] || die "$arg is one image too many"; image=$arg ;;
	esac
done
[[ ! $image || -r $image ]] || die "cannot read $image"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# checkout: the folder at or above this one that has tools/fetch-image
checkout() {
	local dir
	for dir in "$PWD" "$here"; do
		while [[ $dir != / && ! -x $dir/tools/fetch-image ]]; do dir=$(dirname "$dir"); done
		[[ $dir == / ]] || { printf '%s\n' "$dir"; return; }
	done
	return 1
}

# debian_image: the kernel that the scenario was simulated on
debian_image() {
	local root cache
	root=$(checkout) || skip "name a kernel image (bzImage): this is no checkout of uringsim"
	[[ $version ]] || skip "name a kernel image (bzImage): Debian has no such kernel"
	# shellcheck source=/dev/null
	. "$root/tools/cache.sh"
	cache=$(default_cache)
	"$root/tools/fetch-image" --cache "$cache" "$version" > "$work/log" 2>&1 ||
		skip "$(tail -n 1 "$work/log")"
	image=$cache/images/linux-$version/vmlinuz
}

for tool in qemu-system-x86_64 cpio gzip; do
	command -v "$tool" > /dev/null || skip "$tool is not installed"
done
[[ $image ]] || debian_image

"${CC:-cc}" -static -O2 -pthread -o "$work/init" "$here/reproducer.c" ||
	die "reproducer.c cannot be compiled (\$CC, static)"
(cd "$work" && cpio -o -H newc --quiet <<< init | gzip -1) > "$work/initrd"

# Time is counted in instructions: waiting costs nothing, whether there is KVM or not.
timeout "${LIMIT:-300}" qemu-system-x86_64 -accel tcg -cpu max -m 512 \
	-smp "$cpus,sockets=$cpus,cores=1" -icount shift=3,sleep=off \
	-nodefaults -no-user-config -display none -no-reboot -serial "file:$work/console" \
	-kernel "$image" -initrd "$work/initrd" \
	-append "console=ttyS0 loglevel=5 panic=-1" < /dev/null > "$work/qemu" 2>&1 || true

touch "$work/console"
tr -d '\r' < "$work/console" > "$work/said"
if [[ $verbose ]]; then cat "$work/said"; else
	sed -n '/^simulated on:/,$p' "$work/said" | grep -v '^\[ *[0-9]*\.[0-9]*\] ' || true
fi
if grep -q '^REPRODUCED: ' "$work/said"; then exit 0; fi
if grep -q '^not reproduced: ' "$work/said"; then exit 1; fi
tail -n 5 "$work/qemu" "$work/said" >&2
die "the guest did not come to its end"
