# SPDX-License-Identifier: GPL-2.0-only
"""A revision of a git repository, as a tree: what a subject is made of is read through git,
and laid out in CACHE/revisions, in a folder named after its content. So nothing is checked
out, a bare repository will do, and commits that change nothing of it are one tree."""
import hashlib
import os
import shutil
import subprocess
import tempfile

from .misfit import Misfit, Unfit

MARK = ".complete"


def _environment():
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    # not even the index is refreshed, and nothing is fetched
    env.update(LC_ALL="C", GIT_OPTIONAL_LOCKS="0", GIT_NO_LAZY_FETCH="1", GIT_TERMINAL_PROMPT="0")
    return env


def git(repository, *arguments, given=None):
    """Return: what git said, or None if it failed; and its complaint in one line"""
    try:
        done = subprocess.run(["git", "-C", repository, *arguments], env=_environment(),
                              input=given, capture_output=True, check=False)
    except OSError as why:
        raise Misfit(f"a revision needs git, which cannot be run: {why.strerror}") from None
    complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (None if done.returncode else done.stdout), complaint[0] if complaint else ""


def split(word):
    """Return: repository and revision of REPO@REV; None if WORD is a folder, or has none"""
    if os.path.exists(word):
        return None
    # the last "@" before which there is a folder: branches and reflogs have some, too
    at = word.rfind("@")
    while at > 0:
        if os.path.isdir(word[:at]) and at + 1 < len(word):
            return word[:at], word[at + 1:]
        at = word.rfind("@", 0, at)
    return None


def _probed(manifest):
    return {file for probe in manifest.probes for file in probe.files()}


def paths(manifest):
    """Return: where in a Linux tree the files are that a subject may be made of"""
    return sorted({manifest.folder, *manifest.headers, *_probed(manifest)})


class Revision:
    """The commit that REV of REPOSITORY names."""

    def __init__(self, repository, rev):
        self.shown = f"{repository}@{rev}"
        self.repository = os.path.abspath(repository)
        said, complaint = git(self.repository, "rev-parse", "--git-dir")
        if said is None:
            raise Misfit(f"{repository} is not a git repository that can be read: {complaint}")
        said, _ = git(self.repository, "rev-parse", "--verify", "--quiet", "--end-of-options",
                       rev + "^{commit}")
        if not said:
            raise Misfit(f"{repository} has no revision {rev}")
        self.commit = said.decode().split()[-1]

    @property
    def name(self):
        """Return: what leads to it from anywhere on this machine, whatever REV means later"""
        return f"{self.repository}@{self.commit}"

    def _list(self, *arguments):
        """Return: what git ls-tree finds, as path to name of its content"""
        said, complaint = git(self.repository, "ls-tree", "-z", "--full-tree", *arguments)
        if said is None:
            raise Misfit(f"cannot read {self.shown}: {complaint}")
        found = {}
        for entry in said.split(b"\0"):
            about, _, path = entry.partition(b"\t")
            words = about.split()
            if len(words) == 3 and words[0].startswith(b"100") and path.endswith((b".c", b".h")):
                found[os.fsdecode(path)] = words[2].decode()
        return found

    def blobs(self, manifest):
        """Return: of each file that a subject may be made of, the name of its content: a commit
        that changes another file of the driver is no other subject"""
        inside = manifest.folder + "/"
        found = self._list("-r", self.commit, "--", *paths(manifest))
        above = inside
        if not any(path.startswith(inside) for path in found):
            # a module's repository: the driver's folder alone
            found, above = self._list(self.commit), ""
            if os.path.basename(manifest.needs[0][0]) not in found:
                raise Unfit(f"{self.shown} is not a Linux tree: it has no {manifest.folder}")
        matter = {*manifest.sources, *_probed(manifest)}
        return {path: blob for path, blob in found.items()
                if path.endswith(".h") or path in matter or (not above and inside + path in matter)}

    def content(self, manifest):
        """Return: a name of what a subject is made of: commits with the same are one subject"""
        return self._content(self.blobs(manifest))

    @staticmethod
    def _content(blobs):
        return hashlib.sha256(repr(sorted(blobs.items())).encode()).hexdigest()[:32]

    def _contents(self, names):
        """Return: of each blob its bytes"""
        said, complaint = git(self.repository, "cat-file", "--batch",
                               given="".join(name + "\n" for name in names).encode())
        found, at = {}, 0
        for name in names:
            end = (said or b"").find(b"\n", at)
            head = said[at:end].split() if end >= 0 else []
            if len(head) != 3 or head[1] != b"blob":
                raise Misfit(f"cannot read {self.shown}: " +
                             (complaint or f"its object {name} is missing"))
            at = end + 1 + int(head[2])
            found[name] = said[end + 1:at]
            at += 1
        return found

    def lay_out(self, cache, manifest):
        """Return: the folder that has those files, made if need be"""
        blobs = self.blobs(manifest)
        folder = os.path.join(cache, "revisions", self._content(blobs))
        if not os.path.isfile(os.path.join(folder, MARK)):
            self._write(folder, blobs)
        return folder

    def _write(self, folder, blobs):
        contents = self._contents(sorted(set(blobs.values())))
        parent = os.path.dirname(folder)
        try:
            os.makedirs(parent, exist_ok=True)
            part = tempfile.mkdtemp(prefix=".build.", dir=parent)
        except OSError:
            raise Misfit(f"cannot write the cache {os.path.dirname(parent)} "
                         "(set URINGSIM_CACHE)") from None
        try:
            for path, blob in blobs.items():
                target = os.path.join(part, path)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(contents[blob])
            with open(os.path.join(part, MARK), "w", encoding="utf-8") as file:
                file.write(f"{self.name}\n")
            os.chmod(part, 0o755)
            self._put(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    @staticmethod
    def _put(part, folder):
        try:
            os.rename(part, folder)
            return
        except OSError:
            if os.path.isfile(os.path.join(folder, MARK)):
                return  # another process was faster
        # what is there is not whole
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(part, folder)


def state(tree, manifest):
    """Return: words for the commit that a clone is at, and which of the files of TREE, a Tree,
    that matter are others than the commit's; "" if it is no clone, or git is not there"""
    if not os.path.exists(os.path.join(tree.top, ".git")):
        return ""
    matter = ["."] if tree.is_alone() else [manifest.folder, *manifest.headers]
    try:
        head, _ = git(tree.top, "rev-parse", "--short=12", "HEAD")
        said, _ = git(tree.top, "status", "--porcelain=v1", "-z", "--no-renames",
                       "--untracked-files=all", "--", *matter)
    except Misfit:
        return ""
    if not head or said is None:
        return ""
    changed = sorted({os.fsdecode(entry[3:]) for entry in said.split(b"\0")
                      if entry.endswith((b".c", b".h"))})
    text = f"at {head.decode().strip()}"
    if not changed:
        return text
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"{text}, but {changed[0]}{more} {'are' if more else 'is'} changed"
