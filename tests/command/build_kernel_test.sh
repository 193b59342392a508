#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/build-kernel leaves a tree as it is, builds once what has not changed, and builds
# in the same place what has. The tree is made up: its Makefile does what Kbuild's does
# with the targets that we use, and takes no time.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

command -v make > /dev/null || skip "make is not installed"
gcc -fsyntax-only -include gelf.h -x c /dev/null 2> /dev/null || skip "libelf-dev is not installed"

mkdir "$tmp/bin" "$tmp/cache"
for tool in flex bison bc; do printf '#!/bin/sh\n' > "$tmp/bin/$tool"; done
chmod +x "$tmp/bin"/*

tree=$tmp/tree
mkdir -p "$tree/fs/fuse" "$tree/scripts/kconfig"
echo first > "$tree/fs/fuse/dev_uring.c"
cat > "$tree/scripts/kconfig/merge_config.sh" <<'END'
#!/bin/sh
out=$3/.config
shift 4
cat "$@" > "$out"
END
chmod +x "$tree/scripts/kconfig/merge_config.sh"
cat > "$tree/Makefile" <<'END'
image := $(O)/arch/x86/boot/bzImage
tinyconfig:
	echo configured >> $(O)/did
	touch $(O)/.config
olddefconfig:
	! grep -qs KASAN "$$GONE" || sed -i /KASAN/d $(O)/.config
bzImage: $(image)
$(image): fs/fuse/dev_uring.c $(O)/.config
	! grep -q nonsense $< || { echo "$<:1:1: error: nonsense" >&2; false; }
	mkdir -p $(@D) $(O)/fs/fuse
	echo "compiled -$(GCOV_PROFILE_dev_uring.o)$(KCSAN_SANITIZE)$(KCSAN_SANITIZE_req.o)" >> $(O)/did
	cp $< $@
	cp $< $(O)/fs/fuse/dev_uring.gcno
END

# state of the tree: every file, its times and its content
state() { (cd "$tree" && find . -printf '%p %m %T@ %C@\n' | sort && find . -type f -exec sha256sum {} +); }
build() {
	PATH=$tmp/bin:$PATH try "$root/tools/build-kernel" --cache "$tmp/cache" "$@"
	image=$(tail -n 1 <<< "$out")
}
did() { cat "$tmp/cache/kernels/build-tree-"????????????"$1/did" | tr '\n' ' '; }

before=$(state)
build --tree "$tree"
expect_status 0
[[ $(cat "$image") == first ]] || fail "that is not the image of the tree"
[[ $(did '') == "configured compiled - " ]] || fail "it should configure and compile once: $(did '')"
first=$image

build --tree "$tree"
expect_status 0
expect_quiet
[[ $image == "$first" && $(did '') == "configured compiled - " ]] || fail "nothing has changed"
[[ $(state) == "$before" ]] || fail "the tree was touched"

# what has changed is built where the rest is, and not configured anew
sleep 0.01
echo second > "$tree/fs/fuse/dev_uring.c"
before=$(state)
build --tree "$tree"
expect_status 0
[[ $image != "$first" && $(cat "$image") == second ]] || fail "the change is not in the image"
[[ $(did '') == "configured compiled - compiled - " ]] || fail "more was done than needed: $(did '')"
[[ ! -e $first ]] || fail "the old image is still there"

# another configuration has a place of its own, and says what GCOV or KCSAN need to know
build --tree "$tree" --debug kasan
expect_status 0
[[ -s $image.gcno && $(did -kasan) == "configured compiled -y " ]] || fail "no build of its own"
build --tree "$tree" --debug kcsan
expect_status 0
[[ $(did -kcsan) == "configured compiled -ny " ]] || fail "no build of its own"
build --tree "$tree"
expect_quiet
[[ $(state) == "$before" ]] || fail "the tree was touched"

# an option that the tree does not have is not left out in silence
echo KASAN > "$tmp/gone"
rm -r "$tmp/cache/kernels"/*-kasan*
GONE=$tmp/gone build --tree "$tree" --debug kasan
expect_refusal "does not know CONFIG_KASAN=y"

echo nonsense > "$tree/fs/fuse/dev_uring.c"
build --tree "$tree"
expect_status 2
expect_err "dev_uring.c:1:1: error: nonsense"

touch "$tree/.config"
build --tree "$tree"
expect_refusal "was built in place"
build --tree "$tmp"
expect_refusal "is not a Linux tree"
build
expect_refusal "name linux-X.Y"
build linux-7.3 --tree "$tree"
expect_refusal "not both"
build linux-7.3 --debug ubsan
expect_refusal "kasan or kcsan"
build --tree
expect_refusal "needs an argument"
mkdir "$tmp/empty"
for tool in bash dirname; do ln -s "$(command -v "$tool")" "$tmp/empty/$tool"; done
try env PATH="$tmp/empty" "$root/tools/build-kernel" linux-7.3
expect_status 77
expect_err "make is not installed"
[[ -z $(find "$tmp/cache/kernels" -name '.work.*') ]] || fail "something was left behind"
finish
