# SPDX-License-Identifier: GPL-2.0-only
"""Compiles: as many files at a time as there are processors."""
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from . import depends, flags, generate, places
from .errors import explain
from .misfit import Misfit


def relative(path, *tops):
    """Return: PATH as the reader knows it, below one of TOPS"""
    for top in tops:
        if path.startswith(top + "/"):
            return path[len(top) + 1:]
    return path


class Objects:
    """The objects of one subject, in WORK/obj."""

    def __init__(self, work, options, compiler, manifest, stage, forms):
        """FORMS: the folders of the glue that were chosen"""
        self.obj = os.path.join(work, "obj")
        self.gen = os.path.join(work, "gen")
        self.reuse = options.reuse
        self.compiler = compiler
        self.stage = stage
        self.made = []          # in the order in which they are linked
        self._manifest = manifest
        self._named = options.debug_name
        self._as_tree = options.overlays_as_tree
        self._common = [*flags.kernel(compiler.family, manifest, self.gen, "",
                                        not options.name.startswith("tree:"), forms),
                        *(["-DSHIM_HOOKED"] if options.mode == "hooked" else []),
                        *self.maps(), *options.cflags.split()]
        if options.coverage:
            self._common += ["--coverage", "-DSHIM_COUNTED"]
        if options.coverage and options.mode == "hooked":
            # otherwise the counters are accesses, which get hooks, too
            self._common += ["-fprofile-update=atomic"]
        if options.sanitize:
            self._common += ["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]
        self._hooks = []
        if options.mode == "hooked":
            self._hooks = flags.split(flags.groups(compiler.family, "hooks"))

    def maps(self):
        """Return: flags that lead the debugger to the tree's own files, not the copies;
        to ours relative to our top. No folder is in another: gcc takes the last that
        matches, clang the first."""
        named = self._named or relative(self.stage.tree.top, places.ROOT)
        return [f"-fdebug-prefix-map={self.stage.path}={named}",
                f"-fdebug-prefix-map={self.gen}=gen",
                *(f"-fdebug-prefix-map={places.ROOT}/{folder}={folder}"
                  for folder in ("sim", "kernel_shim")),
                *(f"-fdebug-prefix-map={file}={relative(overlay, places.ROOT)}"
                  for file, overlay in self.stage.overlays.items() if not self._as_tree)]

    def name(self, path):
        """Return: PATH, of a copy or ours, as the reader knows it"""
        return relative(path, self.stage.path, places.ROOT)

    def path(self, source):
        """Return: the object of SOURCE"""
        return os.path.join(self.obj, self.name(source).replace("/", "-") + ".o")

    def _is_glue(self, name):
        return os.path.join(places.ROOT, name).startswith(self._manifest.glue + "/")

    def _is_watched(self, source):
        folder, name = os.path.split(source)
        return folder != self._manifest.glue or name not in self._manifest.unwatched

    def _take(self, target):
        """Take what was compiled before from files that are no overlay.
        Return: whether there was such an object"""
        before = os.path.join(self.reuse, "obj", os.path.basename(target))
        try:
            files = depends.read(before + ".d")
            if any(file in self.stage.overlays for file in files):
                return False
            if any(os.path.basename(file) == generate.PROBES for file in files) and \
                    not self._has_same_probes():
                return False
            for end in "", ".d":
                shutil.copyfile(before + end, target + end)
        except OSError:
            return False
        with open(target + ".log", "wb"):
            return True

    def _has_same_probes(self):
        both = []
        for gen in os.path.join(self.reuse, "gen"), self.gen:
            with open(os.path.join(gen, generate.PROBES), "rb") as file:
                both.append(file.read())
        return both[0] == both[1]

    def _compile(self, source):
        target = self.path(source)
        if self.reuse and self._take(target):
            return
        command = [self.compiler.command, *self._common,
                   *(self._hooks if self._is_watched(source) else []),
                   "-MD", "-MF", target + ".d", "-c", source, "-o", target]
        with open(target + ".log", "wb") as log:
            subprocess.run(command, cwd=self.stage.path, env=flags.environment(), stdout=log,
                           stderr=log, stdin=subprocess.DEVNULL, check=False)

    def compile(self, sources):
        """Compile SOURCES, or say what the first that cannot be compiled lacks"""
        pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        try:
            list(pool.map(self._compile, sources))
        finally:
            pool.shutdown(cancel_futures=True)
        for source in sources:
            target = self.path(source)
            if not os.path.isfile(target):
                with open(target + ".log", encoding="utf-8", errors="replace") as log:
                    raise Misfit(explain(log.read(), self.name, self._is_glue))
            if target not in self.made:
                self.made.append(target)

    def dependencies(self):
        """Return: all that the compiler read; paths of the tree are relative"""
        return {os.path.normpath(file) for target in self.made
                for file in depends.read(target + ".d")}

    def tree_files(self):
        """Return: files of the tree that went into what was compiled, sorted"""
        return sorted(file for file in self.dependencies()
                      if not os.path.isabs(file) and self.stage.has(file))

    def our_files(self):
        """Return: our own files that did; what was generated is none of them"""
        return {file for file in self.dependencies()
                if os.path.isabs(file) and not re.search(r"/gen/subject_\w+\.h$", file)}
