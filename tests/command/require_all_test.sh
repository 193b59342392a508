#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is missing is said: skipped tests with their reasons, and with --require-all they
# fail; no cmocka, no QEMU.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

# skips NAME REASON...: have ctest skip tests, and set $junit to what it writes
skips() {
	mkdir -p "$tmp/tests"
	echo 'add_test(passes true)' > "$tmp/tests/CTestTestfile.cmake"
	while (($#)); do
		printf 'add_test("%s" sh -c "echo noise && echo skipped: %s && exit 77")\n' "$1" "$2"
		printf 'set_tests_properties("%s" PROPERTIES SKIP_RETURN_CODE 77)\n' "$1"
		shift 2
	done >> "$tmp/tests/CTestTestfile.cmake"
	junit=$tmp/junit.xml
	ctest --test-dir "$tmp/tests" --output-junit "$junit" > /dev/null 2>&1
}
list=$root/tools/skipped-tests

skips
try "$list" "$junit" --require-all
expect_status 0; expect_quiet
[[ -z $out ]] || fail "there is nothing to list"

needs_72=(subject@linux-7.2 "linux-7.2: not in the cache: run it" subject@bufring-linux "linux-7.2: not in the cache"
	corpus-x@bufring-linux "subject bufring-linux is not built" a_test "no source of Linux 7.2 in the cache")
skips "${needs_72[@]}"
try "$list" "$junit"
expect_status 0; expect_quiet
expect_out "4 tests skipped:"
expect_out "  subject@linux-7.2: linux-7.2: not in the cache: run it"
expect_out "  corpus-x@bufring-linux: subject bufring-linux is not built"
try "$list" "$junit" --require-all
expect_status 1; expect_out "4 tests skipped:"; expect_err "4 skipped"
try "$list" "$junit" --require-all --gone 7.3
expect_status 1; expect_err "4 skipped"
try "$list" "$junit" --require-all --gone 7.3 --gone 7.2
expect_status 0; expect_quiet
expect_out "  a_test: no source of Linux 7.2 in the cache (gone from the mirror)"

skips "${needs_72[@]}" gdb_test "gdb is not installed" other "linux-7.20 is not built" third "my-linux-7.2-x is away"
try "$list" "$junit" --require-all --gone 7.2
expect_status 1; expect_err "3 skipped"
expect_out "  gdb_test: gdb is not installed"

# trees that only their owner has
skips old_trees_test "URINGSIM_TREES names no trees"
try "$list" "$junit" --require-all
expect_status 0; expect_quiet
expect_out "  old_trees_test: URINGSIM_TREES names no trees"
[[ $out != *gone* ]] || fail "it is not gone"

# a Linux that is newer than the tests
skips subject@linux-9.9 "linux-9.9 does not fit yet: fs/fuse/dev.c:1 uses x"
try "$list" "$junit" --require-all
expect_status 0; expect_quiet
expect_out "  subject@linux-9.9: linux-9.9 does not fit yet"
[[ $out != *gone* ]] || fail "it is not gone"

# ---- packages ----

mkdir "$tmp/bin"
# shellcheck disable=SC2016 # for the script to expand
printf '#!/bin/sh\nfor p; do case $p in -*|*Status*|qemu*) ;; *) printf "|%%s installed|" "$p";; esac; done\n' \
	> "$tmp/bin/dpkg-query"
printf '#!/bin/sh\necho "E: there is no network"; exit 100\n' > "$tmp/bin/apt-get"
chmod +x "$tmp/bin"/*
without() { env PATH="$tmp/bin:$PATH" "$@"; }
try without "$root/tools/install-deps" run check
expect_status 0; expect_quiet
try without "$root/tools/install-deps" ci kernel-build
expect_status 2; expect_err "qemu-system-x86"
try without "$root/check" --require-all
expect_status 2; expect_err "qemu-system-x86"
try "$root/tools/install-deps"; expect_refusal "usage"
try "$root/tools/install-deps" run everything; expect_refusal "usage"

# ---- cmocka ----

printf '#!/bin/sh\ncase "$*" in *cmocka*) exit 1;; esac\nexec %s "$@"\n' \
	"$(command -v pkg-config)" > "$tmp/bin/pkg-config-no-cmocka"
chmod +x "$tmp/bin/pkg-config-no-cmocka"
configure() {
	cmake -S "$root" -B "$tmp/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
		-DPKG_CONFIG_EXECUTABLE="$tmp/bin/pkg-config-no-cmocka" "$@"
}
export URINGSIM_CACHE=$tmp/no-cache
try configure
expect_status 1; expect_err "the tests need cmocka"
try configure -DURINGSIM_TESTS=OFF
expect_status 0
finish
