# SPDX-License-Identifier: GPL-2.0-only
"""The folder in which a subject is built:
stage  what is compiled: copies, laid out as in the tree
gen    headers that are made for it
obj    objects, dependencies, coverage notes
log    what the compiler said"""
import glob
import os
import shutil
import tempfile

from .misfit import Misfit

_MARK = ".build-subject"


class Work:
    """Such a folder: one that was named, and is kept, or one of our own."""

    def __init__(self, named):
        self.is_ours = not named
        self.keep = not self.is_ours
        if named:
            self._claim(named)
        self.path = named or tempfile.mkdtemp(prefix="build-subject.")
        try:
            with open(self.file(_MARK), "wb"):
                pass
            for name in "stage", "gen", "obj":
                shutil.rmtree(self.file(name), ignore_errors=True)
                os.makedirs(self.file(name))
            if os.path.exists(self.file("log")):
                os.remove(self.file("log"))
        except OSError:
            raise Misfit(f"cannot write to {self.path}") from None

    @staticmethod
    def _claim(path):
        try:
            os.makedirs(path, exist_ok=True)
        except OSError:
            raise Misfit(f"cannot make {path}") from None
        if os.listdir(path) and not os.path.exists(os.path.join(path, _MARK)):
            raise Misfit(f"{path} has files that are not build-subject's")

    def file(self, name):
        """Return: the path of NAME in it"""
        return os.path.join(self.path, name)

    def write_log(self):
        """Put together what was said about each file"""
        with open(self.file("log"), "wb") as log:
            for path in sorted(glob.glob(glob.escape(self.file("obj")) + "/*.log")):
                with open(path, "rb") as part:
                    shutil.copyfileobj(part, log)

    def finish(self):
        """Throw it away, unless somebody wants to look into it"""
        if not self.keep:
            shutil.rmtree(self.path, ignore_errors=True)
