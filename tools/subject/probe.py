# SPDX-License-Identifier: GPL-2.0-only
"""Probes: what a tree is like, as its own files tell. Each is a small file of a folder
(kernel_shim/probes for all drivers, sim/fuse/probes), in TOML:

macro    defined in gen/subject_probes.h if the probe says yes
decides  what depends on it, for the reader
look     a list of { file, regex, unless }: the first file that the tree has decides. Yes
         if a line of it matches regex and none matches unless
absent   true: yes if the tree has none of the files
hides    a header of the tree that is not used if the probe says yes: our own stands in
         for it"""
import os
import re
import tomllib
from dataclasses import dataclass

from .misfit import Misfit


@dataclass(frozen=True)
class Look:
    """Into one file of a tree."""
    file: str
    regex: re.Pattern
    unless: re.Pattern

    def says(self, text):
        """Return: whether what it looks for is in TEXT"""
        return bool(self.regex.search(text)) and not (self.unless and self.unless.search(text))


@dataclass(frozen=True)
class Probe:
    """One of them, from file PATH."""
    path: str
    macro: str
    looks: tuple
    absent: bool
    hides: str

    def files(self):
        """Return: those that it looks into"""
        return [look.file for look in self.looks]

    def says(self, read):
        """READ: of a file of the tree, its text; None: there is none. Return: yes or no,
        and the file that told"""
        for look in self.looks:
            text = read(look.file)
            if text is not None:
                return look.says(text), look.file
        return self.absent, None


_KEYS = {"macro", "decides", "look", "absent", "hides"}


def in_tree(path):
    """Return: PATH, which must be one below a tree's top"""
    if os.path.isabs(path) or ".." in path.split("/"):
        raise ValueError(f"{path} leads out of the tree")
    return path


def _look(said):
    unless = said.get("unless")
    return Look(in_tree(said["file"]), re.compile(said["regex"], re.M),
                re.compile(unless, re.M) if unless else None)


def _read(path):
    with open(path, "rb") as file:
        said = tomllib.load(file)
    unknown = said.keys() - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]}")
    if not said["decides"] or not said["look"]:
        raise ValueError("it decides nothing, or looks nowhere")
    hides = said.get("hides", "")
    return Probe(path, said["macro"], tuple(_look(each) for each in said["look"]),
                 bool(said.get("absent")), in_tree(hides) if hides else "")


def read_folder(folder):
    """Return: the probes of FOLDER, in the order of their names"""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".toml"))
    except OSError:
        raise Misfit(f"there is no folder {folder} with probes") from None
    found = []
    for name in names:
        path = os.path.join(folder, name)
        try:
            found.append(_read(path))
        except OSError:
            raise Misfit(f"cannot read the probe {path}") from None
        except KeyError as missing:
            raise Misfit(f"the probe {path} has no {missing.args[0]}") from None
        except (ValueError, TypeError, AttributeError, re.error) as why:
            raise Misfit(f"the probe {path} is wrong: {why}") from None
    return found
