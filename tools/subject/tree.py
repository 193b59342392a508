# SPDX-License-Identifier: GPL-2.0-only
"""A tree: whether it can be compiled, and the copy that is."""
import os
import shutil

from .misfit import Misfit


def names(folder):
    """Return: its C files and headers, sorted"""
    return sorted(each.name for each in os.scandir(folder)
                  if each.name.endswith((".c", ".h")) and each.is_file())


def is_readable(path):
    """Return: whether it is a file that can be read"""
    return os.path.isfile(path) and os.access(path, os.R_OK)


class Tree:
    """Where the files of a tree are. It may be less than a whole Linux tree: one that has
    the driver's folder and no headers, or the driver's folder itself."""

    def __init__(self, path, manifest):
        """PATH: absolute"""
        self._manifest = manifest
        self.top = path
        self.folder = os.path.join(path, manifest.folder)
        if os.path.isdir(self.folder):
            return
        above = path.removesuffix("/" + manifest.folder)
        if above != path and is_readable(os.path.join(path, self._mark())):
            self.top, self.folder = above, path
        elif is_readable(os.path.join(path, self._mark())):
            self.folder = path

    def _mark(self):
        """Return: the file, without its folder, by which the driver's folder is known"""
        return os.path.basename(self._manifest.needs[0][0])

    def is_there(self):
        """Return: whether it has the driver's folder"""
        return os.path.isdir(self.folder)

    def path(self, file):
        """Return: where FILE, named as in a Linux tree, is"""
        inside = self._manifest.in_folder(file)
        return os.path.join(self.folder, inside) if inside else os.path.join(self.top, file)

    def is_alone(self):
        """Return: whether it is the driver's folder, without the tree around it"""
        return self.folder == self.top


def check(tree, shown, manifest):
    """Complain about a TREE, called SHOWN, that cannot be what the driver needs"""
    if not os.path.isdir(tree):
        raise Misfit(f"there is no tree {shown}")
    found = Tree(tree, manifest)
    if not found.is_there():
        raise Misfit(f"{shown} has no {manifest.folder}: it is not a Linux tree")
    for file, reason in manifest.needs:
        if not is_readable(found.path(file)):
            raise Misfit(f"{shown} has no {file}" + (f": {reason}" if reason else ""))


class Stage:
    """The copies that are compiled, laid out as in the tree."""

    def __init__(self, path, tree, manifest, overlays):
        """TREE: a Tree"""
        self.path = path
        self.tree = tree
        self._hidden = set()
        # what stands in place of the tree's file, or beside its files
        self.overlays = {f"{manifest.folder}/{os.path.basename(each)}": os.path.abspath(each)
                         for each in overlays}
        files = [f"{manifest.folder}/{name}"
                 for name in names(tree.folder)]
        files += [file for file in manifest.headers if os.path.exists(tree.path(file))]
        for file in files:
            self._copy(tree.path(file), file)
        for file, overlay in self.overlays.items():
            self._copy(overlay, file)

    def _copy(self, source, file):
        target = os.path.join(self.path, file)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(source, target)

    def has(self, file):
        """Return: whether FILE of the tree was staged"""
        return os.path.isfile(os.path.join(self.path, file))

    def read(self, file):
        """Return: the bytes that are compiled, or that a probe looked into"""
        path = os.path.join(self.path, file) if self.has(file) else self.tree.path(file)
        with open(path, "rb") as staged:
            return staged.read()

    def text(self, file):
        """Return: of a file that a probe looks into, its text; None: there is none. It
        need not be one that is compiled"""
        path = os.path.join(self.path, file) if self.has(file) else self.tree.path(file)
        if file in self._hidden or not os.path.isfile(path):
            return None
        with open(path, "rb") as there:
            return there.read().decode("utf-8", "replace")

    def hide(self, file):
        """Compile without FILE: our own stands in for it"""
        if file and self.has(file):
            self._hidden.add(file)
            os.remove(os.path.join(self.path, file))

    def origin(self, file):
        """Return: where the staged FILE comes from"""
        return self.overlays.get(file) or self.tree.path(file)

    def is_modified(self, file):
        """Return: whether it is another than the tree's"""
        if file not in self.overlays:
            return False
        try:
            with open(self.tree.path(file), "rb") as original:
                return original.read() != self.read(file)
        except OSError:
            return True
