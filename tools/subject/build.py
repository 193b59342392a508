# SPDX-License-Identifier: GPL-2.0-only
"""Builds one subject."""
import glob
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass

from . import depends, flags, generate, places
from .link import check_symbols, link
from .misfit import Misfit
from .objects import Objects
from .tree import Stage, Tree, check as check_tree
from .work import Work

_LATE = re.compile(rb'^#include "subject_config\.h"', re.M)


@dataclass
class Built:
    """What a subject was made from. Paths are absolute."""
    folders: tuple      # in which a file that is added would matter
    ours: set
    tree: dict          # of files of the tree: the bytes that were compiled
    origins: set        # where those come from


def _our_sources(manifest, forms):
    """Return: our own sources in a subject: those to be compiled first, and those that
    say what was compiled, which is known only when all others are"""
    first, last = [], []
    for folder in places.SUBJECT_PART, manifest.glue, *forms:
        for path in sorted(glob.glob(glob.escape(folder) + "/*.c")):
            with open(path, "rb") as file:
                (last if _LATE.search(file.read()) else first).append(path)
    return first, last


def _compile(objects, options, stage, forms):
    """Compile all. Return: the tree's sources, and its files that went into it"""
    sources = [file for file in options.manifest.sources if stage.has(file)]
    first, last = _our_sources(options.manifest, forms)
    objects.compile([*sources, *first])
    # what says which files these are was true of another build
    objects.reuse = ""
    files, before = objects.tree_files(), None
    while files != before:
        generate.config(objects.gen, options, options.compiler, stage, files)
        generate.lines(objects.gen, stage, files)
        generate.functions(objects.gen, options.manifest, stage, files)
        objects.compile(last)
        files, before = objects.tree_files(), files
    return sources, files


def _map(options, partial, obj):
    """Have the map of its code written. Return: whether there is one"""
    if not options.place_map:
        return False
    log = os.path.join(obj, "places.log")
    with open(log, "wb") as said:
        try:
            failed = subprocess.run([options.place_map, partial], stdout=said, stderr=said,
                                    env=flags.environment(), check=False).returncode
        except OSError as why:
            said.write(f"{options.place_map}: {why.strerror}\n".encode())
            failed = True
    if failed:
        with open(log, encoding="utf-8", errors="replace") as said:
            raise Misfit("no map of its code: " + said.readline().strip())
    return True


def _remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


def _link(objects, options, work):
    """Link them to --out, which is there whole or not at all"""
    if options.check_only:
        link(objects, options, work.file("checked.so"))
        _remove(work.file("checked.so"))
        return
    folder, name = os.path.split(options.out)
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    except OSError:
        raise Misfit(f"cannot write to {folder}") from None
    os.close(handle)
    try:
        link(objects, options, partial)
        os.chmod(partial, 0o755)
        _remove(options.out + ".places")    # of the last one
        if _map(options, partial, objects.obj):
            os.replace(partial + ".places", options.out + ".places")
        os.replace(partial, options.out)
    finally:
        _remove(partial)
        _remove(partial + ".places")


def _built(objects, options, stage, files):
    manifest = options.manifest
    tree = stage.tree
    probed = {file for probe in manifest.probes for file in probe.files()
              if os.path.isfile(stage.origin(file))}
    every = {*files, *probed}
    origins = {stage.origin(file) for file in every} | {
        tree.path(file) for file in every if file in stage.overlays
        and os.path.isfile(tree.path(file))}
    forms = [each for form in manifest.forms for each in (form.yes, form.no)]
    return Built(
        folders=(tree.folder, manifest.glue, *forms, places.SUBJECT_PART),
        ours=objects.our_files() | {*places.tool_files(), *manifest.files()},
        tree={tree.path(file): stage.read(file) for file in every},
        origins=origins)


def build(options):
    """Build what checked OPTIONS ask for. Return: Built"""
    check_tree(options.tree, options.shown, options.manifest)
    work = Work(options.work)
    try:
        manifest = options.manifest
        stage = Stage(work.file("stage"), Tree(options.tree, manifest), manifest, options.overlay)
        yes = generate.probes(work.file("gen"), manifest, stage)
        forms = [form.yes if form.macro in yes else form.no for form in manifest.forms]
        objects = Objects(work.path, options, options.compiler, manifest, stage, forms)
        sources, files = _compile(objects, options, stage, forms)
        check_symbols(objects.made, stage, manifest, sources)
        _link(objects, options, work)
        built = _built(objects, options, stage, files)
        if options.depfile:
            depends.write(options.depfile, options.out or work.file("checked.so"),
                          {*built.folders, *built.ours, *built.origins})
        work.write_log()
        return built
    except Misfit as why:
        work.write_log()
        if work.is_ours:
            # whoever named no work folder is told of ours
            work.keep = True
            raise Misfit(f"{why} (log: {work.file('log')})") from None
        raise
    finally:
        work.finish()
