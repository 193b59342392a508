# SPDX-License-Identifier: GPL-2.0-only
"""A copy of the sources, with mutants or without, and how it is built.

Nothing is ever written into the sources themselves. A file of the copy is written only
when it is to be another than before, so that little is compiled again.
"""
import json
import os
import re
import shlex
import shutil
import subprocess

from . import mutants as mt

HERE = os.path.dirname(os.path.abspath(__file__))
LEFT_OUT = {".git", "build", "schedules"}
DIAGNOSTIC = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?P<col>\d+): "
                        r"(?P<kind>error|warning|fatal error|note): (?P<text>.*)$", re.MULTILINE)


class BuildFailed(Exception):
    """What the build said."""


class Copy:
    def __init__(self, root, work):
        self.root, self.work = os.path.abspath(root), os.path.abspath(work)
        self.tree = os.path.join(self.work, "tree")
        self.build = os.path.join(self.work, "build")
        self.header = os.path.join(HERE, "mutate.h")

    def write(self, changed):
        """Make the copy: as the sources are, but for {path: text}."""
        wanted = set()
        for folder, names, files in os.walk(self.root):
            names[:] = [n for n in names if n not in LEFT_OUT and not n.startswith("build-") and
                        os.path.join(folder, n) != self.work]
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), self.root)
                wanted.add(path)
                self.put(path, changed.get(path))
        for folder, _, files in os.walk(self.tree):
            for name in files:
                path = os.path.join(folder, name)
                if os.path.relpath(path, self.tree) not in wanted:
                    os.remove(path)

    def put(self, path, text):
        source, target = os.path.join(self.root, path), os.path.join(self.tree, path)
        if text is None:
            with open(source, "rb") as f:
                data = f.read()
        else:
            data = text.encode()
        try:
            with open(target, "rb") as f:
                if f.read() == data:
                    return
        except OSError:
            os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target + ".new", "wb") as f:
            f.write(data)
        shutil.copymode(source, target + ".new")
        os.replace(target + ".new", target)

    def run(self, command, **more):
        p = subprocess.run(command, cwd=self.tree, stdin=subprocess.DEVNULL, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                           errors="replace", **more)
        if p.returncode:
            said = [line for line in p.stdout.splitlines() if not re.match(r"\[\d+/|-- ", line)]
            raise BuildFailed("\n".join(said[-40:]))
        return p.stdout


class CMake(Copy):
    """Our own build, without the subjects that need a kernel's sources."""

    # a little optimised: the tests run for longer than it takes to compile
    FLAGS = ("-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS_DEBUG=-O1 -g", "-DCMAKE_C_FLAGS=-w",
             "-DCMAKE_C_COMPILER=gcc")

    def __init__(self, root, work, jobs):
        super().__init__(root, work)
        self.jobs = jobs
        self.environment = dict(os.environ, URINGSIM_CACHE=os.path.join(self.work, "cache"))

    def configure(self):
        self.run(["cmake", "-G", "Ninja", "-S", self.tree, "-B", self.build, *self.FLAGS],
                 env=self.environment)

    def make(self, targets):
        self.run(["cmake", "--build", self.build, "--parallel", str(self.jobs), "--target",
                  *sorted(targets)], env=self.environment)

    def targets(self):
        """The names that make() takes."""
        listed = self.run(["cmake", "--build", self.build, "--target", "help"])
        return set(re.findall(r"^([\w.-]+): phony$", listed, re.MULTILINE))

    def compilations(self):
        """{source's path: the arguments of its compiler, without warnings and output}"""
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as f:
            entries = json.load(f)
        found = {}
        for entry in entries:
            path = os.path.relpath(entry["file"], self.tree)
            words = shlex.split(entry["command"])
            at = words.index("-o")
            words = words[:at] + words[at + 2:]
            found[path] = [w for w in words if w not in ("-w", "-c", entry["file"]) and
                           not w.startswith("-W")]
        return found

    def tests(self):
        """What ctest knows, as dictionaries of its JSON."""
        p = subprocess.run(["ctest", "--show-only=json-v1"], cwd=self.build, text=True,
                           stdout=subprocess.PIPE, check=True, env=self.environment)
        return json.loads(p.stdout)["tests"]


class Command(Copy):
    """Any other: a command that builds in the copy, one that compiles a file."""

    def __init__(self, root, work, build, compiler):
        super().__init__(root, work)
        self.command, self.compiler = build, compiler

    def configure(self):
        pass

    def make(self, _):
        self.run(["sh", "-c", self.command])

    def compilations(self):
        return {os.path.relpath(os.path.join(folder, name), self.tree): shlex.split(self.compiler)
                for folder, _, files in os.walk(self.tree) for name in files
                if name.endswith(".c")}


def includers(tree, headers, sources):
    """Which of @sources include one of @headers, also by another header."""
    text, wanted = {}, {os.path.basename(h) for h in headers}
    for folder, _, files in os.walk(tree):
        for name in files:
            if name.endswith((".c", ".h")):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace") as f:
                    text[os.path.relpath(path, tree)] = {
                        os.path.basename(i) for i in re.findall(r'#include "([^"]+)"', f.read())}
    more = True
    while more:
        new = {os.path.basename(p) for p, inc in text.items() if p.endswith(".h") and inc & wanted}
        more = not new <= wanted
        wanted |= new
    return sorted(p for p, inc in text.items() if p in sources and inc & wanted)


def drop_stillborn(copy, sources, mutants, say):
    """Leave out the mutants that do not compile. Return: the others."""
    files = sorted({m.file for m in mutants})
    commands = copy.compilations()
    for _ in range(12):
        written = {f: mt.Written(sources[f], [m for m in mutants if m.file == f], copy.header)
                   for f in files}
        copy.write({f: w.text for f, w in written.items()})
        units = {f for f in files if f in commands}
        units |= set(includers(copy.tree, [f for f in files if f.endswith(".h")], commands))
        bad = set()
        for unit in sorted(units):
            bad |= {id(m) for m in _complaints(copy, commands[unit], unit, written)}
        if not bad:
            return mutants
        for m in mutants:
            if id(m) in bad:
                m.status = "stillborn"
        mutants = [m for m in mutants if id(m) not in bad]
        say(f"{len(bad)} do not compile")
    raise BuildFailed("some mutants do not compile, and it is not clear which")


def _complaints(copy, command, unit, written):
    p = subprocess.run([*command, "-fsyntax-only", "-fdiagnostics-plain-output", "-Werror=vla",
                        "-Wno-unused-value", "-fdiagnostics-column-unit=byte",
                        os.path.join(copy.tree, unit)], cwd=copy.tree, text=True,
                       stderr=subprocess.PIPE, check=False)
    found, serious = [], False
    for d in DIAGNOSTIC.finditer(p.stderr):
        if d["kind"] != "note":
            serious = True
        elif "expansion of macro" not in d["text"]:
            continue
        path = os.path.relpath(os.path.join(copy.tree, d["file"]), copy.tree)
        if serious and path in written:
            found += written[path].at(int(d["line"]), int(d["col"]))
    if p.returncode and not found:
        raise BuildFailed(p.stderr[:4000])
    return found


class Comparer:
    """Whether the compiler makes the same of a file with a mutant and without."""

    def __init__(self, copy):
        self.copy, self.commands, self.plain = copy, copy.compilations(), {}
        copy.write({})

    def same(self, source, m):
        units = [m.file] if m.file in self.commands else \
            includers(self.copy.tree, [m.file], self.commands)
        for unit in units:
            if unit not in self.plain:
                self.plain[unit] = self._assembly(unit)
        self.copy.put(m.file, mt.single(source, m))
        try:
            return bool(units) and all(self.plain[unit] and
                                       self._assembly(unit) == self.plain[unit]
                                       for unit in units)
        finally:
            self.copy.put(m.file, None)

    def _assembly(self, unit):
        p = subprocess.run([*self.commands[unit], "-O2", "-g0", "-w", "-S", "-o", "-",
                            os.path.join(self.copy.tree, unit)], cwd=self.copy.tree,
                           check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return p.stdout if p.returncode == 0 else b""
