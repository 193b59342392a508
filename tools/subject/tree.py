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


def check(tree, shown, manifest):
    """Complain about a TREE, called SHOWN, that cannot be what the driver needs"""
    if not os.path.isdir(tree):
        raise Misfit(f"there is no tree {shown}")
    if not os.path.isdir(os.path.join(tree, manifest.folder)):
        raise Misfit(f"{shown} has no {manifest.folder}: it is not a Linux tree")
    for file, reason in manifest.needs:
        if not is_readable(os.path.join(tree, file)):
            raise Misfit(f"{shown} has no {file}" + (f": {reason}" if reason else ""))


class Stage:
    """The copies that are compiled, laid out as in the tree."""

    def __init__(self, path, tree, manifest, overlays):
        self.path = path
        self.tree = tree
        # what stands in place of the tree's file, or beside its files
        self.overlays = {f"{manifest.folder}/{os.path.basename(each)}": os.path.abspath(each)
                         for each in overlays}
        files = [f"{manifest.folder}/{name}"
                 for name in names(os.path.join(tree, manifest.folder))]
        for file in (*files, *manifest.headers):
            self._copy(os.path.join(tree, file), file)
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
        """Return: the bytes that are compiled"""
        with open(os.path.join(self.path, file), "rb") as staged:
            return staged.read()

    def origin(self, file):
        """Return: where the staged FILE comes from"""
        return self.overlays.get(file) or os.path.join(self.tree, file)

    def is_modified(self, file):
        """Return: whether it is another than the tree's"""
        if file not in self.overlays:
            return False
        try:
            with open(os.path.join(self.tree, file), "rb") as original:
                return original.read() != self.read(file)
        except OSError:
            return True
