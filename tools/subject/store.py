# SPDX-License-Identifier: GPL-2.0-only
"""Subjects that were built before, in CACHE/trees:

KEY1.made    for each of the last builds of one tree in one way: all files that it read,
             with their content's digest, its KEY2, and what was asked for (by which
             contents.py tells whether it will be asked for again)
KEY2.so, KEY2.so.places, KEY2.so.sha256
             a subject, the map of its code, and the digests of both

KEY1 is a digest of what is known before anything is built: the tree's name, how it is
built and by what, and the names of the files that could be read in place of those that
were. KEY2 is a digest of KEY1 and of all that was read. So nobody has to say which files
matter: those are what the compiler says that it read."""
import hashlib
import json
import os
import time

from . import places
from .tree import Tree

# of builds that one tree is remembered with: it goes to and fro between branches
_BUILDS = 16
# file systems' time may be behind by a tick of the kernel's
_TICK_NS = 20_000_000


def digest(data):
    """Return: of bytes"""
    return hashlib.sha256(data).hexdigest()


def file_digest(path):
    """Return: of a file's content; "" if it cannot be read"""
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return ""


def header_names(folder):
    """Return: the names of all C files and headers below it, sorted"""
    found, rest = [], [folder]
    while rest:
        with os.scandir(rest.pop()) as entries:
            for entry in entries:
                if entry.name.endswith((".h", ".c")):
                    found.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    rest.append(entry.path)
    return sorted(found)


def first_key(options):
    """Return: KEY1"""
    manifest = options.manifest
    tree = Tree(options.tree, manifest)
    folders = {tree.folder, manifest.glue, *manifest.own, places.SUBJECT_PART,
               places.SHIM_HEADERS, *places.OUR_HEADERS}
    known = [
        options.tree, options.name, options.version, options.mode, options.cflags,
        options.compiler.identity, places.ROOT,
        [(path, file_digest(path)) for path in (*places.tool_files(), *manifest.files())],
        file_digest(options.place_map) if options.place_map else "",
        [header_names(folder) for folder in sorted(folders)],
        [os.path.exists(tree.path(file)) for probe in manifest.probes for file in probe.files()],
        [os.path.exists(tree.path(file)) for file in manifest.headers],
    ]
    return digest(json.dumps(known).encode())


def second_key(first, read):
    """READ: the digest of each file that was read. Return: KEY2"""
    return digest(json.dumps([first, sorted(read.items())]).encode())


def match(builds, digest_of):
    """Return: KEY2 of the build whose files are all as they were; or None. DIGEST_OF: of
    a path's content now"""
    now = {}
    for build in builds:
        for path, was in build["read"].items():
            if path not in now:
                now[path] = digest_of(path)
            if now[path] != was:
                break
        else:
            return build["key"]
    return None


class Store:
    """CACHE/trees."""

    def __init__(self, folder):
        self.folder = folder

    def builds(self, first):
        """Return: what KEY1.made has, the last build first"""
        try:
            with open(os.path.join(self.folder, first + ".made"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return []

    def path(self, second):
        """Return: the subject of KEY2"""
        return os.path.join(self.folder, second + ".so")

    @staticmethod
    def _sums(path, has_map):
        files = [path, path + ".places"] if has_map else [path]
        return "".join(file_digest(file) + "\n" for file in files)

    def is_whole(self, path, has_map):
        """Return: were the subject and its map written to the end?"""
        try:
            with open(path + ".sha256", encoding="utf-8") as file:
                said = file.read()
        except (OSError, ValueError):
            return False
        return bool(said) and said == self._sums(path, has_map)

    def find(self, first, has_map):
        """Return: the path of the subject that would be built; None: there is none"""
        second = match(self.builds(first), file_digest)
        path = second and self.path(second)
        return path if path and self.is_whole(path, has_map) else None

    def add(self, asked, first, built, started):
        """Put in what was BUILT as ASKED, beginning at STARTED (of time.time_ns()).
        Return: its path"""
        out, has_map = asked.out, bool(asked.place_map)
        read = {path: file_digest(path) for path in built.ours}
        read.update((path, digest(data)) for path, data in built.tree.items())
        second = second_key(first, read)
        path = self.path(second)
        sums = self._sums(out, has_map)
        if has_map:
            os.replace(out + ".places", path + ".places")
        os.replace(out, path)
        self._write(path + ".sha256", sums)
        # What was written to meanwhile may have been read as it was before.
        if all(os.stat(file).st_mtime_ns < started - _TICK_NS for file in built.ours):
            builds = [each for each in self.builds(first) if each["key"] != second]
            said = {"tree": asked.tree, "name": asked.name, "mode": asked.mode,
                    "cc": asked.cc, "place_map": asked.place_map,
                    "driver": asked.manifest.path, "root": places.ROOT}
            builds.insert(0, {"key": second, "read": read, "asked": said})
            self._write(os.path.join(self.folder, first + ".made"),
                        json.dumps(builds[:_BUILDS]))
        return path

    @staticmethod
    def _write(path, text):
        part = f"{path}.{os.getpid()}.part"
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)


def now():
    """Return: the time, as files have it"""
    return time.time_ns()
