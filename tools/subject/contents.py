# SPDX-License-Identifier: GPL-2.0-only
"""What is in the cache, and what of it nobody needs any more: a tree's subject that would
not be found again, what a process has left behind that was killed, sources that are not
whole or that no subject is made of any more.

What is not known is listed, but never counts as not needed."""
import glob
import json
import os
import re
import shutil
import time
from dataclasses import dataclass

from . import manifest, options, places, revision, store
from .flags import Compiler
from .misfit import Misfit

# What is being made has no owner that could be asked; who makes it writes to it meanwhile.
# tools/fetch-kernel leaves as much time to others.
_IDLE_SECONDS = 3600
_UNFINISHED = re.compile(r"\.(fetch|build|work)\.\w+")
_PART = re.compile(r".*\.(\d+)\.part")


@dataclass
class Content:
    """One thing in the cache."""
    name: str
    files: list         # files and folders, absolute
    about: str          # what it is
    unneeded: str = ""  # why nobody needs it
    size: int = 0
    used: float = 0

    def __post_init__(self):
        status = [os.lstat(path) for each in self.files for path in _below(each)]
        self.size = sum(each.st_blocks * 512 for each in status)
        self.used = max((max(each.st_atime, each.st_mtime) for each in status), default=0)

    def used_words(self):
        """Return: the day on which it was used last"""
        return time.strftime("%Y-%m-%d", time.localtime(self.used)) if self.used else "-"


def _below(path):
    """Return: the files of a folder, or the file"""
    if not os.path.isdir(path) or os.path.islink(path):
        return [path] if os.path.lexists(path) else []
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]


def _is_idle(path):
    """Return: whether nobody has written to it or to what is in it for long"""
    newest = max((os.lstat(each).st_mtime for each in [path, *_below(path)]), default=0)
    return newest < time.time() - _IDLE_SECONDS


def _is_alive(process):
    return os.path.exists(f"/proc/{process}")


def size_words(size):
    """Return: SIZE with a unit"""
    for unit in "B", "kB", "MB":
        if size < 1000:
            break
        size /= 1000
    else:
        unit = "GB"
    return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"


def total(contents):
    """Return: their size"""
    return sum(each.size for each in contents)


# ---- sources and images

def _first(path, word):
    """Return: what the line of PATH that begins with WORD says"""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith(word + " "):
                    return line[len(word) + 1:].strip()
    except OSError:
        pass
    return ""


def _ends(path):
    """Return: whether the file was written to its end"""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().endswith("\nend\n")
    except OSError:
        return False


def _number(version):
    """Return: what versions are compared by"""
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]


def _oldest():
    """Return: the oldest version of Linux that a subject is made of; None: not known here"""
    try:
        with open(os.path.join(places.TOOLS, "kernel-versions"), encoding="utf-8") as file:
            return min((_number(line.strip()) for line in file if line.strip() and line[0] != "#"),
                       default=None)
    except OSError:
        return None


def _source(path, builds):
    version = os.path.basename(path).removeprefix("linux-")
    said = _first(path + "/SOURCE", "version")
    oldest = _oldest()
    of_trees = any(file.startswith(path + "/") for build in builds for file in build["read"])
    unneeded = ""
    if not _ends(path + "/SOURCE"):
        unneeded = "it is not whole"
    elif oldest is not None and _number(version) < oldest and not of_trees:
        unneeded = f"no subject is made of Linux {version} any more"
    return Content("sources/" + os.path.basename(path), [path],
                   f"source of Linux {said or version}", unneeded)


def _image(path):
    said = _first(path + "/IMAGE", "package")
    return Content("images/" + os.path.basename(path), [path],
                   f"kernel for QEMU, {said}" if said else "kernel for QEMU")


# ---- revisions, and results of searches

def _revision(path, builds):
    try:
        with open(os.path.join(path, revision.MARK), encoding="utf-8") as file:
            name = file.read().strip()
    except OSError:
        return Content("revisions/" + os.path.basename(path)[:12], [path], "",
                       "it is not whole" if _is_idle(path) else "")
    unneeded = ""
    if not os.path.isdir(name.rpartition("@")[0]):
        unneeded = "its repository is gone"
    elif not any(build.get("asked", {}).get("tree") == path for build in builds) and _is_idle(path):
        unneeded = "no subject is made of it"
    return Content("revisions/" + os.path.basename(path)[:12], [path], f"revision {name}", unneeded)


def _result(path):
    """What a search has found, of uringsim compare, check and bisect"""
    name = "results/" + os.path.basename(path)[:17]
    try:
        with open(os.path.join(path, "about.json"), encoding="utf-8") as file:
            about = json.load(file)
        said = {key: about[key] for key in ("subject", "program", "digest", "shown")}
    except (OSError, ValueError, KeyError, TypeError):
        return Content(name, [path], "being searched",
                       "nobody can tell what it is of" if _is_idle(path) else "")
    unneeded = ""
    if not os.path.isfile(said["subject"]):
        unneeded = "its subject is gone"
    elif store.file_digest(said["program"]) != said["digest"]:
        unneeded = "uringsim is another now"
    return Content(name, [path], f"what a search of {said['shown']} found", unneeded)


# ---- trees

def _now(build):
    """Return: KEY1 of what BUILD was asked for, as it would be now"""
    said = build["asked"]
    asked = options.Options(tree=said["tree"], name=said["name"], mode=said["mode"],
                            place_map=said["place_map"])
    asked.manifest = manifest.load(said["driver"])
    asked.compiler = Compiler(said["cc"])
    return store.first_key(asked)


def _superseded(first, build):
    """Return: why BUILD will not be found again, or """""
    said = build.get("asked")
    if not said:
        return "it was built by an older uringsim"
    if not os.path.isdir(said["tree"]):
        return "the tree is gone"
    if os.path.basename(os.path.dirname(said["tree"])) == "revisions":
        gone = _revision(said["tree"], [build]).unneeded
        if gone:
            return gone
    if said["root"] != places.ROOT:
        # another uringsim, which alone can tell
        return "" if os.path.isdir(said["root"]) else "the uringsim that built it is gone"
    try:
        if _now(build) != first:
            return "uringsim, the compiler or the tree's files are others now"
    except (Misfit, OSError):
        return "it cannot be built any more"
    if any(store.file_digest(path) != was for path, was in build["read"].items()
           if path.startswith(places.ROOT + "/") and not path.startswith(said["tree"] + "/")):
        return "uringsim is another now"
    return ""


def _tree_words(build):
    said = build.get("asked")
    if not said:
        return "a tree"
    return f"tree {said['tree']}" + (", with hooks" if said["mode"] == "hooked" else "")


def _trees(folder, kept, made):
    """MADE: KEY1 to its builds. Return: the subjects, then what belongs to none"""
    found, taken = [], set()
    for first, builds in made.items():
        reasons = [_superseded(first, build) for build in builds]
        for build, reason in zip(builds, reasons):
            path = kept.path(build["key"])
            files = [path, path + ".places", path + ".sha256"]
            if reason and all(reasons):
                files.append(os.path.join(folder, first + ".made"))
            taken.update(files)
            found.append(Content(f"trees/{build['key'][:12]}",
                                 [file for file in files if os.path.exists(file)],
                                 _tree_words(build), reason))
        taken.add(os.path.join(folder, first + ".made"))
    for path in sorted(glob.glob(glob.escape(folder) + "/*")):
        part = _PART.fullmatch(path)
        if path in taken:
            continue
        if part:
            reason = "" if _is_alive(part[1]) else "half written, by a process that is gone"
        else:
            reason = "no tree has it" if _is_idle(path) else ""
        found.append(Content("trees/" + os.path.basename(path)[:24], [path],
                             "being built" if not reason else "", reason))
    return found


# ---- all

def _unfinished(folder, name):
    path = os.path.join(folder, name)
    reason = "half made, by a process that is gone" if _is_idle(path) else ""
    return Content(f"{os.path.basename(folder)}/{name}", [path], "being made", reason)


def _entries(cache):
    """Return: folder and name of all that is two levels deep, and files that are one"""
    for name in sorted(os.listdir(cache)):
        path = os.path.join(cache, name)
        if os.path.isdir(path):
            yield from ((path, each) for each in sorted(os.listdir(path)))
        else:
            yield cache, name


def list_contents(cache):
    """Return: a Content for each thing in CACHE"""
    folder = os.path.join(cache, "trees")
    kept = store.Store(folder)
    made = {os.path.basename(path).removesuffix(".made"): None
            for path in sorted(glob.glob(glob.escape(folder) + "/*.made"))}
    made = {first: kept.builds(first) for first in made}
    builds = [build for each in made.values() for build in each]
    found = []
    for where, name in _entries(cache):
        path = os.path.join(where, name)
        kind = os.path.relpath(where, cache)
        if _UNFINISHED.fullmatch(name):
            found.append(_unfinished(where, name))
        elif kind == "sources" and name.startswith("linux-"):
            found.append(_source(path, builds))
        elif kind == "images" and name.startswith("linux-"):
            found.append(_image(path))
        elif kind == "revisions":
            found.append(_revision(path, builds))
        elif kind == "results":
            found.append(_result(path))
        elif kind != "trees":
            known = "what the mirror offers" if (kind, name) == ("sources", "OFFERED") else ""
            found.append(Content(os.path.normpath(f"{kind}/{name}"), [path],
                                 "kernel that was built here" if kind == "kernels" else known))
    return found + _trees(folder, kept, made)


def remove(content):
    """Remove it. A lock or a folder of others stays."""
    for path in content.files:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.remove(path)
