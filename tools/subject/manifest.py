# SPDX-License-Identifier: GPL-2.0-only
"""Reads a driver's manifest: what is compiled of a tree, with what around it.
sim/fuse/manifest.toml tells what each entry means."""
import os
import re
import tomllib
from dataclasses import dataclass

from .misfit import Misfit


@dataclass(frozen=True)
class Probe:
    """MACRO is defined if a line of the tree's FILE matches REGEX."""
    macro: str
    file: str
    regex: re.Pattern


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
    unwatched: frozenset
    probes: tuple


_KEYS = {"name", "folder", "sources", "headers", "includes", "kconfig", "defines", "needs",
         "glue", "probes"}


def _texts(table, key):
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{key} is not a list of texts")
    return tuple(value)


def _in_tree(path):
    if os.path.isabs(path) or ".." in path.split("/"):
        raise ValueError(f"{path} leads out of the tree")
    return path


def _read(path, said):
    unknown = said.keys() - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]}")
    folder = _in_tree(said["folder"])
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
        needs=needs + tuple((file, "") for file in headers),
        glue=os.path.normpath(os.path.join(os.path.dirname(path), said["glue"]["folder"])),
        unwatched=frozenset(_texts(said["glue"], "unwatched")),
        probes=tuple(Probe(macro, _in_tree(each["file"]), re.compile(each["regex"], re.M))
                     for macro, each in said["probes"].items()))


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
    except (ValueError, TypeError, AttributeError, re.error) as why:
        raise Misfit(f"the driver's manifest {path} is wrong: {why}") from None
    if not os.path.isdir(manifest.glue):
        raise Misfit(f"the driver's manifest {path} is wrong: there is no folder {manifest.glue}")
    return manifest
