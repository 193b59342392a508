# SPDX-License-Identifier: GPL-2.0-only
"""Which of some commits is the first bad one: which to try next, by halves, as git bisect does,
in a history with merges, too."""


class Bisection:
    """COMMITS: Commits after a good one, the oldest first; the last of them is bad."""

    def __init__(self, commits):
        self._commits = {each.name: each for each in commits}
        self._bit = {1 << nr: each for nr, each in enumerate(commits)}
        self._left = commits[-1].above
        self._skipped = 0

    def left(self):
        """Return: the Commits of which one is the first bad one"""
        return [each for bit, each in self._bit.items() if bit & self._left]

    def next(self):
        """Return: the Commit to try, None: nothing more can be told. Its ancestors are half of
        those that are left; if that cannot be, rather fewer: so the oldest one, whose parent has
        to be tried, too, needs one step less"""
        total = self._left.bit_count()
        best, size = None, 0
        for bit, each in self._bit.items():
            if not bit & self._left or bit & self._skipped:
                continue
            below = (each.above & self._left).bit_count()
            if min(below, total - below) > size:
                best, size = each, min(below, total - below)
        return best

    def bad(self, commit):
        """COMMIT fails: one of it and its ancestors is the first"""
        self._left &= commit.above

    def good(self, commit):
        """It does not: none of them is"""
        self._left &= ~commit.above

    def skip(self, commit):
        """It cannot be judged"""
        self._skipped |= next(bit for bit, each in self._bit.items() if each is commit)
