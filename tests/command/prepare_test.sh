#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What ./run and ./check do before their work: with nothing to do it costs next to nothing,
# and what takes long says how far it is.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

# ---- a project of two steps, with our tools ----

mkdir -p "$tmp/project/tools" "$tmp/bin"
cp "$root/tools/build" "$root/tools/cache.sh" "$root/tools/progress.sh" "$tmp/project/tools"
cat > "$tmp/project/CMakePresets.json" <<'END'
{ "version": 6,
  "configurePresets": [ { "name": "p", "generator": "Ninja", "binaryDir": "${sourceDir}/build/p" } ],
  "buildPresets": [ { "name": "p", "configurePreset": "p" } ] }
END
cat > "$tmp/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(p NONE)
message(STATUS "tests ${URINGSIM_TESTS}")
add_custom_command(OUTPUT one COMMAND cmake -E touch one COMMENT "Making one")
add_custom_command(OUTPUT two COMMAND sh ${CMAKE_SOURCE_DIR}/takes
	COMMAND cmake -E touch two DEPENDS one COMMENT "Making two" VERBATIM)
add_custom_target(all_of_it ALL DEPENDS two)
END
echo "sleep 0" > "$tmp/project/takes"

# counting COMMAND...: try it; afterwards $calls has the arguments of each cmake,
# dpkg-query and sha256sum that it ran itself
for tool in cmake dpkg-query sha256sum; do
	# shellcheck disable=SC2016 # for the script to expand
	printf '#!/bin/sh\necho "%s $*" >> "%s"\nexec %s "$@"\n' "$tool" "$tmp/calls" \
		"$(command -v $tool)" > "$tmp/bin/$tool"
done
chmod +x "$tmp/bin"/*
counting() {
	: > "$tmp/calls"
	try env PATH="$tmp/bin:$PATH" "$@"
	expect_status 0
	calls=$(< "$tmp/calls")
}
build=$tmp/project/tools/build
export URINGSIM_CACHE=${URINGSIM_CACHE:-$tmp/cache}

counting "$build" p
expect_quiet
[[ $calls == *"cmake --preset p"*"cmake --build --preset p"* && -e $tmp/project/build/p/two ]] ||
	fail "it should be configured and built: $calls"
counting "$build" p
expect_quiet
[[ $calls == "cmake --build --preset p" ]] || fail "one call would do: $calls"

# it is configured again when something else is wanted, or its presets have changed
counting "$build" --tests p
[[ $calls == *"--preset p -DURINGSIM_TESTS=ON"* ]] || fail "tests are wanted: $calls"
counting "$build" p
[[ $calls == "cmake --build --preset p" ]] || fail "whoever wants no tests may have them: $calls"
URINGSIM_CACHE=$tmp/other counting "$build" p
[[ $calls == *"cmake --preset p"* ]] || fail "the kernel sources are elsewhere: $calls"
mkdir -p "$tmp/other/sources/linux-9.9"
touch "$tmp/other/sources/linux-9.9/SOURCE"
URINGSIM_CACHE=$tmp/other counting "$build" p
[[ $calls == *"cmake --preset p"* ]] || fail "there is a kernel source that was not there: $calls"
URINGSIM_CACHE=$tmp/other counting "$build" p
[[ $calls == "cmake --build --preset p" ]] || fail "one call would do: $calls"
touch -d "1 minute" "$tmp/project/CMakePresets.json"
counting "$build" p
[[ $calls == *"cmake --preset p"* ]] || fail "the presets have changed: $calls"
touch -d "1 minute ago" "$tmp/project/CMakePresets.json"
echo 'message(FATAL_ERROR "not like this")' >> "$tmp/project/CMakeLists.txt"
try "$build" p
expect_status 2; expect_err "not like this"; expect_err "does not build"
sed -i '$d' "$tmp/project/CMakeLists.txt"

# how far it is, while it takes long
echo "sleep 1.5" > "$tmp/project/takes"
rm "$tmp/project/build/p/one"
URINGSIM_PROGRESS_SECONDS=0.3 counting "$build" p
expect_err "tools/build: building p: "
expect_err "1 of 2: Making one"
[[ -z $out ]] || fail "progress is no output"
sleep 0.5
[[ ! -s $tmp/err || $(< "$tmp/err") == "$err" ]] || fail "it goes on after its end"

# ---- the two commands, with tools that do nothing ----

mkdir -p "$tmp/two/tools" "$tmp/two/build/release/subjects"
cp "$root/run" "$root/check" "$tmp/two"
for tool in install-deps build; do
	ln -s "$(type -P true)" "$tmp/two/tools/$tool"
done
# shellcheck disable=SC2016 # for the script to expand
printf '#!/bin/sh\necho "$*" > "%s/asked"\n' "$tmp" > "$tmp/two/tools/fetch-kernel"
chmod +x "$tmp/two/tools/fetch-kernel"
# shellcheck disable=SC2016 # for the script to expand
printf '#!/bin/sh\necho "plays $*"\n' > "$tmp/two/build/release/uringsim"
chmod +x "$tmp/two/build/release/uringsim"
try "$tmp/two/run"; expect_refusal "there is no subject to run"
touch "$tmp/two/build/release/subjects/bufring.so"
try "$tmp/two/run"; expect_status 0
[[ $out == "plays run pool-exhaustion --subject bufring" ]] || fail "one scenario, not all"
expect_err "playing our own subject instead"
touch "$tmp/two/build/release/subjects/linux-7.3.so"
try "$tmp/two/run"; expect_status 0; expect_quiet
[[ $out == "plays run pool-exhaustion --subject linux" ]] || fail "Linux, if it is there"
[[ $(< "$tmp/asked") == "--optional --newest" ]] || fail "the newest is fetched"
try "$tmp/two/run" compare linux-7.2 bufring-linux ~/linux-9.9
[[ $(< "$tmp/asked") == "--optional --newest 7.2" ]] || fail "what is named is fetched: $(< "$tmp/asked")"
try "$tmp/two/run" scenarios; [[ $out == "plays scenarios" ]] || fail "arguments are the program's"
# nothing is installed or built for it
ln -sf "$(type -P false)" "$tmp/two/tools/install-deps"
try "$tmp/two/check" --help; expect_status 0; expect_out "Usage: ./check"
expect_out "--require-all: also"

# ---- what is there already ----

command -v dpkg-query > /dev/null || skip "this is no Debian"
counting "$root/tools/install-deps" run
expect_quiet
[[ $(wc -l < "$tmp/calls") == 1 ]] || fail "one query would do: $calls"
sources=("$URINGSIM_CACHE/sources"/linux-[0-9]*.[0-9]*)
[[ -e ${sources[0]} ]] || skip "no kernel source in the cache"
versions=("${sources[@]##*/linux-}")
counting "$root/tools/fetch-kernel" --optional "${versions[@]}"
[[ $(grep -c ^sha256sum "$tmp/calls") == "${#versions[@]}" ]] || fail "one sum a version: $calls"
expect_out "in the cache"

# All of it, in time of the processor: a busy machine makes it no longer. 0.2 s where this
# was written; before, configuring each time, it was 1.3 s.
cpu() { python3 - "$@" <<-'PY'
	import resource, subprocess, sys
	for command in sys.argv[1:]:
	    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)
	used = resource.getrusage(resource.RUSAGE_CHILDREN)
	print(int(1000 * (used.ru_utime + used.ru_stime)))
	PY
}
try cpu "'$root/tools/install-deps' run" "'$root/tools/fetch-kernel' --optional ${versions[*]}" \
	"'$build' p"
expect_status 0; expect_quiet
((out < 500)) || fail "with nothing to do it takes ${out} ms of the processor"
finish
