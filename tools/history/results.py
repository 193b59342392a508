# SPDX-License-Identifier: GPL-2.0-only
"""Results of searches, kept in CACHE/results, each in a folder that is named after all that went
into it: the subject, this program, the scenarios and the options. In it are the schedules that
the search left, the result as --json has it, and ABOUT, by which `uringsim cache` tells whether
anybody needs it."""
import hashlib
import json
import os
import tempfile

from subject import places, store
from subject.misfit import Misfit

from . import command, program

ABOUT, RESULT = "about.json", "result.json"


def load(path):
    """Return: the results that a --json of explore has; complain if it has none"""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError) as why:
        raise Misfit(f"cannot read {path}: {str(why).splitlines()[0]}") from None
    keys = ("subject", "scenario", "state", "strategy", "points", "executions")
    if not isinstance(found, list) or not found or not all(
            isinstance(each, dict) and all(key in each for key in keys) and
            isinstance(each.get("failures"), list) for each in found):
        raise Misfit(f"{path} is not the JSON of a result")
    return found


class Kept:
    """CACHE/results, for one program."""

    def __init__(self, which, jobs):
        """WHICH: a Program"""
        self._program = which
        self._jobs = jobs
        self._passing = None
        self._searches = 0
        self._digest = store.file_digest(which.path)
        self.folder = os.path.join(places.cache(), "results")
        try:
            os.makedirs(self.folder, exist_ok=True)
        except OSError:
            raise Misfit(f"cannot write the cache {places.cache()} (set URINGSIM_CACHE)") from None

    def _key(self, subject, scenarios, options):
        files = [store.file_digest(each) for each in scenarios if os.path.isfile(each)]
        known = [os.path.basename(subject), store.file_digest(subject), self._digest, scenarios,
                 files, options]
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]

    def _folder(self, subject, scenarios, options):
        """Return: where the result is, or goes; what has no subject is not kept"""
        if subject:
            return os.path.join(self.folder, self._key(subject, scenarios, options))
        if not self._passing:
            self._passing = tempfile.TemporaryDirectory(prefix="uringsim-results-")
        self._searches += 1
        return os.path.join(self._passing.name, str(self._searches))

    def search(self, subject, on, scenarios, options, shown):
        """Search, if it was not done before. SUBJECT: the shared object, or ""; ON: the words
        that name it; OPTIONS: of explore. Return: the results, with absolute paths in them"""
        folder = self._folder(subject, scenarios, options)
        said = os.path.join(folder, RESULT)
        try:
            return load(said)
        except Misfit:
            pass
        os.makedirs(folder, exist_ok=True)
        about = {"subject": subject, "program": self._program.path, "digest": self._digest,
                 "shown": shown}
        command.write(os.path.join(folder, ABOUT), json.dumps(about))
        part = f"{said}.{os.getpid()}.part"
        try:
            whole = self._program.explore([*scenarios, *on, *options, "--jobs", self._jobs,
                                           "--schedules", folder], part)
            found = load(part)
            if not whole or any(each.get("interrupted") for each in found):
                raise program.Interrupted
            os.replace(part, said)
            return found
        finally:
            if os.path.exists(part):
                os.remove(part)

    def note(self, value):
        """Return: the path of a file that has VALUE as JSON, the same path each time"""
        text = json.dumps(value, sort_keys=True)
        path = os.path.join(self.folder, f"note-{hashlib.sha256(text.encode()).hexdigest()[:32]}")
        if not os.path.exists(path):
            command.write(path, text)
        return path
