#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whatever a subject was compiled from, the compiler's word for it: a change of it makes
# the subject out of date, and leads to another one in the cache.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

ninja=$(command -v ninja) || skip "there is no ninja"
build=$(dirname "$URINGSIM_SUBJECTS")
[[ -f $build/build.ninja ]] || skip "the subjects were not built by ninja"

# Ours are changed below: in a copy.
copy=$tmp/copy
mkdir "$copy"
cp -a "$root"/{sim,kernel_shim,tools} "$copy/"
export URINGSIM_CACHE=$tmp/cache
helper() { try python3 "$root/tests/command/dependencies.py" "$@"; }

# ---- by ninja ----

cat > "$tmp/build.ninja" <<END
rule subject
  command = tools/build-subject --tree sim/kernel --name bufring --cc ${CC:-gcc} --cflags -O0 $
      --out \$out --work $tmp/work --depfile $tmp/bufring.d
  depfile = $tmp/bufring.d
build $tmp/bufring.so: subject
END
try "$ninja" -C "$copy" -f "$tmp/build.ninja"
expect_status 0
helper ninja "$copy" "$tmp" "$ninja"
expect_status 0
expect_out " files out of date one by one"

# CMake has told ninja of all of them, too, for each subject
for subject in "$URINGSIM_SUBJECTS"/*.so "$URINGSIM_SUBJECTS"/hooked/*.so; do
	[[ -f $subject ]] || continue
	helper cmake "$root" "$build" "$subject"
	expect_status 0
	expect_out " files known to ninja"
done

# ---- in the cache ----

subject_of_tree() {
	try "$copy/tools/tree-subject" --cc "${CC:-gcc}" "$copy/sim/kernel"
	expect_status 0
	out=${out%%$'\n'*} # the path
}
subject_of_tree
first=$out
[[ -s $first ]] || fail "there should be a subject"
helper keys "$copy" "$tmp"
expect_status 0
expect_out " files change the key one by one"

# another time is nothing
built=$(stat -c %Y "$first")
touch "$copy"/sim/sched/*.h "$copy"/sim/kernel/fs/fuse/*
subject_of_tree
[[ $out == "$first" && $(stat -c %Y "$first") == "$built" ]] || fail "compiled twice"

# change FILE SED: another content is another subject, as long as it is another
change() {
	local file=$copy/$1
	cp -p "$file" "$tmp/before"
	sed -i "$2" "$file"
	! cmp -s "$file" "$tmp/before" || fail "$1 should have changed"
	subject_of_tree
	[[ $out != "$first" && -s $out ]] || fail "the same subject, with another $1"
	cp -p "$tmp/before" "$file"
	subject_of_tree
	[[ $out == "$first" && $(stat -c %Y "$first") == "$built" ]] ||
		fail "another subject, with $1 as it was"
}
change sim/sched/sched.h 's/^enum sched_what {/& SCHED_IN_FRONT,/'
change tools/subject/flags.toml 's/"-Wno-sign-compare", *#/& really:/'

# what is added may be read in place of something else
helper added "$copy"
expect_status 0
expect_out " folders where a header that is added changes the key"
finish
