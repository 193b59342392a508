# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154  # shared with who sources it
# What the fetching tools share: where the cache is, and an apt of our own for what
# newer Debian suites have. It knows this system's mirrors, but works on a state that
# is thrown away. Sourced; uses $me, the caller's name, and $work, a folder of the
# caller's; learn_offers sets $apt_dir, or $why if there is nothing to be had, and leaves
# $work/unread if there may be more than could be read.

say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { complain "$@"; exit 2; }

# shellcheck source=tools/cache.sh
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

# mirrors: the archives from which this system has its own suite
mirrors() {
	local codename list format
	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && say "${VERSION_CODENAME:-stable}")
	# shellcheck disable=SC2016 # for apt to expand
	format='$(COMPONENT) $(RELEASE) $(REPO_URI)'
	list=$(apt-get indextargets --format "$format" 2>/dev/null | sort -u)
	awk -v c="$codename" '$1 == "main" && ($2 == c || $2 ~ /^(stable|testing|unstable|sid)$/) {
		print $3 }' <<< "$list" | sort -u
}

# private_config DIR: the configuration of an apt that lives in DIR
private_config() {
	local dir=$1
	# proxies and the like are the system's; its hooks are not run
	apt-config dump Acquire
	cat <<-END
	Dir::Etc "$dir/etc";
	Dir::Etc::parts "$dir/etc/parts";
	Dir::Etc::sourcelist "$dir/etc/sources.list";
	Dir::Etc::sourceparts "$dir/etc/parts";
	Dir::Etc::preferencesparts "$dir/etc/parts";
	Dir::Etc::netrc "/etc/apt/auth.conf";
	Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
	Dir::Etc::trusted "/etc/apt/trusted.gpg";
	Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
	Dir::State "$dir/state";
	Dir::State::status "$dir/status";
	Dir::Cache "$dir/cache";
	Dir::Log "$dir/log";
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "0";
	Acquire::http::Timeout "20";
	Acquire::https::Timeout "20";
	END
}

# note_unread: that a mirror lacks a suite is an answer; that it does not answer is none
note_unread() {
	! grep 'Failed to fetch' "$work/apt.log" | grep -qv ' 404 ' || : > "$work/unread"
}

# code_name MIRROR SUITE: "sid" for unstable. A mirror may serve an old copy under
# the name that moves from release to release; the one that stays is current.
code_name() {
	local file=$apt_dir/Release
	rm -f "$file"
	APT_CONFIG=$apt_dir/apt.conf /usr/lib/apt/apt-helper -q download-file \
		"$1/dists/$2/InRelease" "$file" > "$work/apt.log" 2>&1 || {
		note_unread
		return 0
	}
	sed -n 's/^Codename: //p' "$file" | head -n 1
}

# suites MIRROR: where a newer kernel may be, with duplicates
suites() {
	local suite
	for suite in unstable testing; do
		say "$(code_name "$1" "$suite")"
	done
	suite=$(code_name "$1" stable)
	# nothing at all: the mirror is out of reach, or has none of them
	[[ ! $suite ]] || say "$suite-backports"$'\n'experimental
	# shellcheck source=/dev/null
	(. /etc/os-release && say "${VERSION_CODENAME:-stable}-backports")
}

# private_apt DIR: prepare it, knowing the mirrors of this system and their suites
private_apt() {
	local dir=$1 keyring option='' mirror suite
	mkdir -p "$dir"/{etc/parts,state/lists/partial,cache/archives/partial,log}
	: > "$dir/status"
	private_config "$dir" > "$dir/apt.conf"
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[[ ! -r $keyring ]] || option="[signed-by=$keyring] "
	for mirror in $(mirrors); do
		for suite in $(suites "${mirror%/}" | sort -u); do
			say "deb $option$mirror $suite main"
		done
	done > "$dir/etc/sources.list"
}

apt_private() { APT_CONFIG=$apt_dir/apt.conf apt-get -qq "$@"; }

# learn_offers: read the indexes once. A suite that a mirror lacks is no error.
learn_offers() {
	apt_dir=$work/apt
	private_apt "$apt_dir"
	[[ -s $apt_dir/etc/sources.list ]] || { why="apt knows no Debian mirror"; return 1; }
	apt_private update > "$work/apt.log" 2>&1 || true
	note_unread
	compgen -G "$apt_dir/state/lists/*_Packages*" > /dev/null || {
		why="no mirror can be reached"
		return 1
	}
}
