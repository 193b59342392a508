#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/ci-kit: the steps of each file are played here, on a small repository: a commit with a bug
# fails the job, a clean one passes, and what the job keeps is there either way. Of the steps only
# apt-get and the compiling of uringsim are left out.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/../command/lib.sh"
# shellcheck source=tests/command/history_lib.sh
. "$root/tests/command/history_lib.sh"

command -v git > /dev/null || skip "there is no git"
/usr/bin/python3 -c 'import yaml' 2> /dev/null || skip "python3-yaml is not installed (as root: tools/install-deps ci)"
cd "$tmp" || exit 1
export HOME=$tmp/home GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1 program=$URINGSIM
mkdir home stubs mirror mirror/mine
unset URINGSIM URINGSIM_CACHE

# ---- what is left out: it says what it was asked for
cat > stubs/apt-get << 'STUB'
#!/bin/sh
echo "apt-get $*" >> "$HOME/asked"
STUB
cat > stubs/cmake << 'STUB'
#!/bin/sh
echo "cmake $*" >> "$HOME/asked"
mkdir -p build/release
: > build/release/build.ninja
ln -sf "$program" build/release/uringsim
STUB
chmod +x stubs/*
export PATH=$tmp/stubs:$PATH

# ---- uringsim's repository, as far as a job uses it, and the kernel's
git -c init.defaultBranch=master init -q mirror/mine/uringsim
cp -r "$root/tools" "$root/CMakePresets.json" mirror/mine/uringsim
commit mirror/mine/uringsim tools
new_repository linux "$root/sim/kernel"
base=$(git -C linux rev-parse HEAD)
change linux clean
clean=$(git -C linux rev-parse HEAD)
break_tree linux; commit linux broken
broken=$(git -C linux rev-parse HEAD)
options="--executions 100 --scenario exit-one-thread --scenario round-trip"

# kept FOLDER NAME...: what the job has to leave
kept() {
	local name
	for name in "${@:2}"; do
		[[ -s $1/$name ]] || fail "$1 should have $name"
	done
	python3 -c 'import sys, xml.dom.minidom as m; sys.exit(not m.parse(sys.argv[1]).getElementsByTagName("testcase"))' \
		"$1/check.xml" || fail "check.xml has no test"
}
# failed FOLDER: likewise, of a job with a failure
failed() {
	kept "$1" check.md check.json check.xml
	grep -q broken "$1/check.md" || fail "check.md should have the commit"
	[[ -n $(find "$1/schedules" -name '*.schedule') ]] || fail "the schedule should be kept"
	grep -q '<svg' "$1"/*.html || fail "the page of the failure should be kept"
	python3 -c 'import sys, xml.dom.minidom as m; sys.exit(not m.parse(sys.argv[1]).getElementsByTagName("failure"))' \
		"$1/check.xml" || fail "check.xml should have a failure"
}
passed() {
	kept "$1" check.md check.json check.xml
	[[ -z $(find "$1" -name '*.html') ]] || fail "a page of what?"
}

# ---- the script, in the shells that there are
for shell in dash "busybox sh" "bash --posix"; do
	command -v "${shell%% *}" > /dev/null || skip "${shell%% *} is not installed (as root: tools/install-deps ci)"
done
shell() {
	# shellcheck disable=SC2086 # words
	try env URINGSIM="$program" URINGSIM_CACHE="$tmp/cache" URINGSIM_ARTIFACTS=kept \
		$1 "$root/tools/ci-kit/check.sh" "${@:2}" --tree linux $options
}
for shell in dash "busybox sh" "bash --posix"; do
	shell "$shell" "$base..$broken"; expect_status 1; expect_out "1 with something new"; failed kept
	shell "$shell" "$base..$clean"; expect_status 0; expect_out "0 with something new"; passed kept
done
shell dash "$base"; expect_refusal "usage: check.sh"
shell dash --help; expect_status 0; expect_out "usage: check.sh BASE..HEAD"
try env URINGSIM=nowhere dash "$root/tools/ci-kit/check.sh" a..b; expect_refusal "there is no nowhere"
try env URINGSIM="$program" URINGSIM_ARTIFACTS=/proc/none dash "$root/tools/ci-kit/check.sh" a..b; expect_refusal "cannot make the folder"

# ---- the jobs
github() {
	try "$root/tests/ci-kit/play_job.py" github "${3:-$root/tools/ci-kit/github.yml}" "$tmp/$1" \
		mirror="$tmp/mirror" kernel="$tmp/linux" head="$2" vars.URINGSIM_REPOSITORY=mine/uringsim \
		vars.URINGSIM_OPTIONS="$options" github.event.pull_request.base.sha="$base" \
		github.event.pull_request.head.sha="$2"
}
gitlab() {
	try "$root/tests/ci-kit/play_job.py" gitlab "${3:-$root/tools/ci-kit/gitlab.yml}" "$tmp/$1" \
		mirror="$tmp/mirror" kernel="$tmp/linux" head="$2" \
		URINGSIM_REPOSITORY="$tmp/mirror/mine/uringsim" URINGSIM_OPTIONS="$options" \
		CI_MERGE_REQUEST_DIFF_BASE_SHA="$base" CI_COMMIT_SHA="$2"
}
# one begins with an empty cache, the other with what the shells have left, as it takes time
mkdir -p gitlab/cache
cp -r cache gitlab/cache/uringsim-cache
for job in github gitlab; do
	rm -f home/asked
	$job "$job" "$broken"; expect_status 1; failed "$job/artifacts/uringsim-artifacts"
	grep -q '^apt-get install -y .*git' home/asked || fail "git should be installed"
	grep -q '^cmake --preset release' home/asked || fail "uringsim should be configured"
	grep -q '^cmake --build --preset release --target uringsim' home/asked || fail "uringsim should be built"
	[[ -n $(find "$job/cache" -name '*.so') ]] || fail "what was compiled should be in the cache"
	find "$job/cache" -name '*.so' | sort > compiled
	$job "$job" "$broken"; expect_status 1; failed "$job/artifacts/uringsim-artifacts"
	find "$job/cache" -name '*.so' | sort | cmp -s compiled - || fail "nothing should be compiled again"
	$job "$job" "$clean"; expect_status 0; passed "$job/artifacts/uringsim-artifacts"
done
grep -q broken github/summary.md || fail "the table should be shown"

# ---- it would be noticed: a step that fails, an artefact that is not there, an unknown action
change_job() { sed "$2" "$root/tools/ci-kit/$1.yml" > changed.yml; cmp -s changed.yml "$root/tools/ci-kit/$1.yml" && fail "nothing was changed"; }
change_job github 's/check\.sh/none.sh/'; github none "$clean" changed.yml; [[ $status != 0 ]] || fail "there is no none.sh"
change_job gitlab 's/check\.sh/none.sh/'; gitlab none "$clean" changed.yml; [[ $status != 0 ]] || fail "there is no none.sh"
change_job github 's/head\.sha/tail.sha/'; github none "$clean" changed.yml; expect_status 99
change_job github 's/path: uringsim-artifacts/path: none/'; github github "$clean" changed.yml; expect_status 99
finish
