# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Where the cache is, of what is fetched or built once. Sourced. For Python, and CMake,
# which asks it: tools/subject/places.py.

default_cache() {
	if [[ -n ${URINGSIM_CACHE:-} ]]; then
		printf '%s\n' "$URINGSIM_CACHE"
	elif [[ -n ${XDG_CACHE_HOME:-} ]]; then
		printf '%s\n' "$XDG_CACHE_HOME/uringsim"
	elif [[ -n ${HOME:-} ]]; then
		printf '%s\n' "$HOME/.cache/uringsim"
	else
		printf '%s: no HOME: set URINGSIM_CACHE\n' "${0##*/}" >&2
		return 2
	fi
}
