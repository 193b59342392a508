# SPDX-License-Identifier: GPL-2.0-only
"""Runs tests: once without a mutant, noting which are reached, then with one at a time."""
import os
import resource
import signal
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

SKIPPED = 77


@dataclass
class Test:
    name: str
    command: list
    folder: str
    environment: dict = field(default_factory=dict)
    seconds: float = 0
    reached: bytes = b""


def from_ctest(entry):
    """What ctest says of a test."""
    props = {p["name"]: p["value"] for p in entry.get("properties", [])}
    env = dict(e.split("=", 1) for e in props.get("ENVIRONMENT", []))
    return Test(entry["name"], entry["command"], props.get("WORKING_DIRECTORY", "."), env)


def labels(entry):
    return next((p["value"] for p in entry.get("properties", []) if p["name"] == "LABELS"), [])


def _limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))


class Runner:
    def __init__(self, jobs, say):
        self.jobs, self.say = jobs, say

    def run(self, test, limit, **environment):
        """Return: its status, or None when it took longer than @limit seconds."""
        env = dict(os.environ, **test.environment, **environment)
        with tempfile.TemporaryDirectory(prefix="mutate-") as tmp:
            env["TMPDIR"] = tmp
            p = subprocess.Popen(test.command, cwd=test.folder, env=env,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, start_new_session=True,
                                 preexec_fn=_limits)
            try:
                return p.wait(limit)
            except subprocess.TimeoutExpired:
                return None
            finally:
                # also what it has started itself
                try:
                    os.killpg(p.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                p.wait()

    def baseline(self, tests, size, limit):
        """Run each test without a mutant. Return: those that pass, the fastest first."""
        def one(test):
            with tempfile.NamedTemporaryFile(prefix="mutate-") as f:
                f.write(bytes(size))
                f.flush()
                begun = time.monotonic()
                status = self.run(test, limit, MUTATE_REACHED=f.name, MUTATE_ACTIVE="0")
                test.seconds = time.monotonic() - begun
                f.seek(0)
                test.reached = f.read()
            return status

        with ThreadPoolExecutor(self.jobs) as pool:
            statuses = list(pool.map(one, tests))
        passed = []
        for test, status in zip(tests, statuses):
            if status == 0:
                passed.append(test)
            elif status != SKIPPED:
                self.say(f"{test.name} fails without a mutant, and is left out")
        return sorted(passed, key=lambda t: t.seconds)

    def judge(self, mutants, slack):
        """Run the tests of each mutant until one notices it."""
        def one(m):
            for test in m.tests:
                limit = slack + 8 * test.seconds
                status = self.run(test, limit, MUTATE_ACTIVE=str(m.number))
                if status not in (0, SKIPPED):
                    m.status, m.by = "killed" if status is not None else "timed out", test.name
                    return
            m.status = "survived" if m.tests else "not reached"

        done = 0
        with ThreadPoolExecutor(self.jobs) as pool:
            for _ in pool.map(one, mutants):
                done += 1
                if done % 20 == 0:
                    self.say(f"{done} of {len(mutants)} done")
