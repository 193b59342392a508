# SPDX-License-Identifier: GPL-2.0-only
"""Commits of a repository that change what a subject is made of."""
from dataclasses import dataclass, field

from subject import manifest, places, revision
from subject.misfit import Misfit


@dataclass
class Commit:
    """One of them."""
    name: str
    parents: list       # names of those among the commits that are looked at
    repository: str
    title: str = ""
    above: int = field(default=0, repr=False)   # a bit for each commit that it has, its own too

    @property
    def short(self):
        """Return: as it is shown"""
        return self.name[:12]

    @property
    def tree(self):
        """Return: as --tree takes it"""
        return f"{self.repository}@{self.name}"


class Repository:
    """Where the commits are."""

    def __init__(self, path):
        self.path = path
        self.manifest = manifest.load(places.DRIVER)
        self._contents = {}

    def find(self, rev):
        """Return: the commit that REV names; complain if there is none"""
        return revision.Revision(self.path, rev).commit

    def _git(self, *arguments):
        said, complaint = revision.git(self.path, *arguments)
        if said is None:
            raise Misfit(f"cannot read {self.path}: {complaint}")
        return said.decode("utf-8", "replace")

    def _content(self, rev):
        if rev not in self._contents:
            try:
                found = revision.Revision(self.path, rev).content(self.manifest)
            except Misfit:
                found = ""  # it has no such driver, or is not there
            self._contents[rev] = found
        return self._contents[rev]

    def changes(self, commit):
        """Return: whether COMMIT makes another subject than its first parent"""
        return self._content(commit.name) != self._content(commit.name + "^1")

    def range(self, base, head):
        """Return: Commits after BASE, up to HEAD, the oldest first, that touch the files that a
        subject may be made of. Of others than Linux trees: all"""
        has_folder = bool(self._git("ls-tree", "--full-tree", head, "--", self.manifest.folder))
        where = ["--", *(f":(top){each}" for each in revision.paths(self.manifest))] \
            if has_folder else []
        said = self._git("log", "--reverse", "--topo-order", "--parents",
                         "--format=%H%x00%P%x00%s", f"{base}..{head}", *where)
        found = {}
        for line in said.splitlines():
            name, parents, title = line.split("\0", 2)
            found[name] = Commit(name, parents.split(), self.path, title)
        for nr, commit in enumerate(found.values()):
            commit.above = 1 << nr
            commit.parents = [each for each in commit.parents if each in found]
            for parent in commit.parents:
                commit.above |= found[parent].above
        return list(found.values())
