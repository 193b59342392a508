#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The Debian package: built without a network by a user who is not root, installed in a clean
# system that has no compiler, used there, used there with a compiler, and purged.
#
# The system is made by debootstrap from the mirror of this system's own apt; the cache keeps
# it, and what apt fetches into it.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"

me=package_test
work=$tmp
# shellcheck source=tools/fetch-lib.sh
. "$root/tools/fetch-lib.sh"
((EUID == 0)) || skip "only root can make a system to install in"
for tool in debootstrap dpkg-buildpackage dh help2man unshare setpriv; do
	command -v "$tool" > /dev/null ||
		skip "$tool is not installed (as root: tools/install-deps ci)"
done
unshare --mount --pid --fork true 2> /dev/null || skip "no namespaces here"
mirror=$(mirrors | head -n 1)
[[ $mirror ]] || skip "this system's apt has no mirror of its own suite"
# shellcheck source=/dev/null
suite=$(. /etc/os-release && say "$VERSION_CODENAME")
kept=$(default_cache)/chroot
mkdir -p "$kept/archives/partial"
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# need COMMAND...: what has to succeed before anything can be told
need() {
	try "$@"
	[[ $status == 0 ]] || { fail "this is needed for all that follows"; exit 1; }
}

# ---- the package

mkdir "$tmp/build" "$tmp/build/source"
chmod 755 "$tmp"
# shellcheck disable=SC2016 # the inner shell's
(cd "$root" && if [[ -e .git ]]; then
	git -c safe.directory="$root" ls-files -z --cached --others --exclude-standard
else
	find . -name build -prune -o -type f -print0 -o -type l -print0
fi | xargs -0 sh -c 'for file; do [ ! -e "$file" ] || cp --parents -a "$file" "$0"; done' \
	"$tmp/build/source")
chown -R 65534:65534 "$tmp/build"
cd "$tmp/build/source" || exit 1
need env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$tmp/build" DEB_BUILD_OPTIONS="parallel=$(nproc)" \
	unshare --net "${nobody[@]}" dpkg-buildpackage -us -uc -b
cd "$tmp" || exit 1
need sh -c "echo $tmp/build/uringsim_*.deb"
deb=$out
need dpkg-deb -x "$deb" "$tmp/unpacked"
for path in "$tmp" "$root"; do
	try grep -rlaF "$path" "$tmp/unpacked"
	[[ -z $out ]] || fail "$path should be in no file of the package"
done
for path in man/man1/uringsim{,-explore}.1.gz bash-completion/completions/uringsim \
	doc/uringsim/{copyright,README.md,changelog.gz}; do
	[[ -e $tmp/unpacked/usr/share/$path ]] || fail "the package should have $path"
done

# ---- a clean system

system=$tmp/system
if [[ ! -e $kept/$suite.tar ]]; then
	say "making a system of $suite from this system's mirror"
	need debootstrap --variant=minbase "$suite" "$tmp/new" "$mirror"
	rm -rf "$tmp"/new/var/cache/apt/archives/*.deb
	need tar -C "$tmp/new" --one-file-system -cf "$kept/$suite.tar.$$.part" .
	mv "$kept/$suite.tar.$$.part" "$kept/$suite.tar"
	rm -rf --one-file-system "$tmp/new"
fi
mkdir "$system"
need tar -C "$system" -xpf "$kept/$suite.tar"
say "deb $mirror $suite main" > "$system/etc/apt/sources.list"
{
	apt-config dump Acquire
	say 'Binary::apt-get::APT::Keep-Downloaded-Packages "true";'
	say 'APT::Keep-Downloaded-Packages "true"; Acquire::Languages "none"; APT::Sandbox::User "root";'
} > "$system/etc/apt/apt.conf.d/99host"
[[ ! -e /etc/ssl/certs/ca-certificates.crt ]] || {
	mkdir -p "$system/etc/ssl/certs"
	cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/"
}
cp -L /etc/resolv.conf /etc/hosts "$system/etc/"
cp "$deb" "$system/uringsim.deb"
mkdir "$system/home/user"
chown 65534:65534 "$system/home/user"

# inside COMMAND...: in that system, which sees no other
inside() {
	# shellcheck disable=SC2016 # the inner shell's
	try unshare --mount --pid --fork bash -c '
		mount -t proc proc "$1/proc" && mount --bind "$2" "$1/var/cache/apt/archives" &&
			mount --bind /dev/null "$1/dev/null" || exit 99
		root=$1; shift 2
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
			DEBIAN_FRONTEND=noninteractive HOME=/home/user "$@"' inside "$system" "$kept/archives" "$@"
}
# as_user COMMAND...: likewise, as one who is not root and has no network
as_user() { inside unshare --net "${nobody[@]}" "$@"; }
# paths: all that is there, but for apt's own notes
paths() {
	find "$system" -path "$system/proc" -prune -o -path "$system/var/cache" -prune -o \
		-path "$system/var/lib/apt" -prune -o -path "$system/var/lib/dpkg" -prune -o \
		-path "$system/var/log" -prune -o -print
}
get() { inside apt-get -q -y "$@"; [[ $status == 0 ]] || { fail "apt-get should work"; exit 1; }; }

get update
get install --no-install-recommends /uringsim.deb
for tool in gcc python3 gdb; do
	[[ ! -e $system/usr/bin/$tool ]] || fail "there should be no $tool yet"
done

# ---- without a compiler

as_user uringsim --version
expect_status 0; [[ $out == "uringsim 0.1 (Debian 0.1)" ]] || fail "it should say the package's version"
as_user uringsim run
expect_status 0; expect_out "0 failed, 0 known: nothing found"; expect_quiet
as_user uringsim explore register-race --executions 500 --schedules /home/user/schedules
expect_status 0; expect_out "nothing found"; expect_quiet
as_user uringsim subjects
expect_status 0; expect_out "linux-7.3      skipped: it is not part of what is installed"
as_user cp -r /usr/share/uringsim/sim/kernel /home/user/mine
as_user uringsim run --tree /home/user/mine round-trip; expect_refusal "needs python3"
as_user uringsim cache; expect_refusal "needs python3"

# ---- with one

get install --no-install-recommends binutils gcc libc6-dev python3
as_user uringsim run --tree /home/user/mine round-trip
expect_status 0; expect_out "round-trip on tree:mine: nothing found"; expect_quiet
as_user uringsim cache
expect_status 0; expect_out "tree /home/user/mine"; expect_out "all of it is needed"
# root may write where the tools are; a change of the tree makes a new subject
say "/* changed */" >> "$system/home/user/mine/fs/fuse/dev_uring.c"
inside uringsim explore --tree /home/user/mine register-race --executions 500 --schedules /home/user/schedules
expect_status 0; expect_out "nothing found"; expect_quiet

# ---- gone

get purge uringsim
paths | grep -F uringsim | grep -v "^$system/home/user\|^$system/uringsim.deb$" > "$tmp/left"
[[ ! -s $tmp/left ]] || fail "purged, but left: $(head -n 3 "$tmp/left")"
inside dpkg-query -W uringsim
[[ $status != 0 ]] || fail "dpkg should know no uringsim"
inside sh -c 'ls /var/lib/dpkg/info/uringsim.*'
[[ $status != 0 ]] || fail "dpkg should have nothing of it"
rm -rf --one-file-system "$system"
finish
