# SPDX-License-Identifier: GPL-2.0-only
"""Reads a driver's manifest: what is compiled of a tree, with what around it.
sim/fuse/manifest.toml tells what each entry means."""
import os
import tomllib
from dataclasses import dataclass

from . import places, probe
from .misfit import Misfit


@dataclass(frozen=True)
class Form:
    """A part of the glue that is there twice: the folder YES is compiled, and searched for
    headers, if MACRO is defined, else NO."""
    macro: str
    yes: str
    no: str


@dataclass(frozen=True)
class Manifest:
    """What is compiled of a tree. Paths of the tree are relative, ours absolute."""
    path: str
    name: str
    folder: str
    sources: tuple
    headers: tuple
    includes: tuple
    kconfig: tuple
    defines: tuple      # NAME=VALUE
    needs: tuple        # of (file, reason or "")
    glue: str
    forms: tuple
    unwatched: frozenset
    probes: tuple       # the shim's, then the driver's
    own: tuple          # folders with headers for a tree that lacks them

    def files(self):
        """Return: what it was read from"""
        return [self.path, *(each.path for each in self.probes)]

    def in_folder(self, file):
        """Return: where FILE of the tree is in the driver's folder; None: elsewhere"""
        start = self.folder + "/"
        return file[len(start):] if file.startswith(start) else None


_KEYS = {"name", "folder", "sources", "headers", "includes", "kconfig", "defines", "needs",
         "glue", "probes", "own"}


def _texts(table, key):
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{key} is not a list of texts")
    return tuple(value)


_in_tree = probe.in_tree


def _forms(table, glue):
    return tuple(Form(each["probe"], os.path.join(glue, each["yes"]), os.path.join(glue, each["no"]))
                 for each in table.get("forms", []))


def _folders(manifest):
    """Return: those of ours that it names"""
    return [manifest.glue, *(each for form in manifest.forms for each in (form.yes, form.no)),
            *manifest.own]


def _read(path, said):
    unknown = said.keys() - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]}")
    here = os.path.dirname(path)
    folder = _in_tree(said["folder"])
    glue = os.path.normpath(os.path.join(here, said["glue"]["folder"]))
    probes = probe.read_folder(places.SHIM_PROBES)
    if "probes" in said:
        probes += probe.read_folder(os.path.join(here, said["probes"]))
    headers = tuple(_in_tree(file) for file in _texts(said, "headers"))
    needs = tuple((_in_tree(each["file"]), each.get("reason", "")) for each in said["needs"])
    return Manifest(
        path=path,
        name=said["name"],
        folder=folder,
        sources=tuple(_in_tree(f"{folder}/{file}") for file in _texts(said, "sources")),
        headers=headers,
        includes=tuple(_in_tree(file) for file in _texts(said, "includes")),
        kconfig=_texts(said, "kconfig"),
        defines=tuple(f"{name}={value}" for name, value in said.get("defines", {}).items()),
        needs=needs,
        glue=glue,
        forms=_forms(said["glue"], glue),
        unwatched=frozenset(_texts(said["glue"], "unwatched")),
        probes=tuple(probes),
        own=(*([os.path.join(here, said["own"])] if "own" in said else []), places.SHIM_OWN))


def load(path):
    """Return: the manifest of file PATH"""
    path = os.path.abspath(path)
    try:
        with open(path, "rb") as file:
            manifest = _read(path, tomllib.load(file))
    except OSError:
        raise Misfit(f"cannot read the driver's manifest {path}") from None
    except KeyError as missing:
        raise Misfit(f"the driver's manifest {path} has no {missing.args[0]}") from None
    except (ValueError, TypeError, AttributeError) as why:
        raise Misfit(f"the driver's manifest {path} is wrong: {why}") from None
    for folder in _folders(manifest):
        if not os.path.isdir(folder):
            raise Misfit(f"the driver's manifest {path} is wrong: there is no folder {folder}")
    return manifest
