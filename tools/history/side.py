# SPDX-License-Identifier: GPL-2.0-only
"""One side of a comparison: a tree, a revision, a subject, or a saved result."""
import os
import re
from dataclasses import dataclass

from subject import revision
from subject.misfit import Misfit

from . import program, results

UNMODELLED = "unmodelled"
# what a saved result says of how it was searched, as options
_SAID = (("strategy", "--strategy"), ("points", "--points"), ("seed", "--seed"),
         ("preemptions", "--preemptions"), ("timers", "--timers"), ("faults", "--faults"),
         ("budget", "--budget"), ("delays", "--delays"))
# of these auto decides itself; and how a search is made longer
_LONGER = {"quick": "normal", "normal": "thorough", "thorough": "thorough"}
_TIMES = 4
_IN_ORDER = ("exhaustive", "delay")     # they have an end, and no seed
_DECIDED = ("--points", "--preemptions", "--timers", "--faults")


def options_of(result):
    """Return: the options of explore that RESULT was searched with"""
    found = {option: str(result[key]) for key, option in _SAID if result.get(key) is not None}
    if result["strategy"] == "auto":
        return {option: value for option, value in found.items() if option not in _DECIDED}
    if result["strategy"] in _IN_ORDER:
        found.pop("--seed", None)
    else:
        found["--executions"] = str(max(result["executions"], 1))
    return found


def head_of(path):
    """Return: of a schedule file the lines that are there once, by their first words"""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return dict(line.rstrip("\n").split(" ", 1) for line in file if " " in line)
    except OSError:
        return {}


@dataclass
class Failure:
    """What one side has found of one group in one scenario."""
    scenario: str
    kind: str
    group: str          # of its reports
    cause: str          # of what was told as one
    summary: str
    execution: int
    schedule: str       # "" if there is none, which may be of another scenario

    @property
    def key(self):
        """Return: what it is compared by"""
        return self.scenario, self.kind, self.group


def failures_of(result):
    for each in result["failures"]:
        group = each.get("report_group") or each["group"]
        yield Failure(result["scenario"], each["kind"], group, each["group"], each["summary"],
                      each.get("execution", 0), each.get("schedule") or "")


class Side:
    """What there is to compare: SHOWN as the user named it."""

    def __init__(self, shown, which, kept, search, scenarios):
        """WHICH: the Program; KEPT: a Kept; SEARCH: options of explore, as a dict"""
        self.shown = shown
        self._program = which
        self._kept = kept
        self._search = dict(search)
        self._scenarios = scenarios
        self._subject = ""
        self.on = None          # words that name it, absolute; None: it cannot be played
        self.why_not = ""       # if it cannot be built, or played
        self.built = True
        self.saved = os.path.isfile(shown)
        self.results = {}
        self._made = {}
        if self.saved:
            self._take(results.load(shown))

    def _take(self, found):
        if self._scenarios:
            names = {os.path.basename(each).removesuffix(".scenario") for each in self._scenarios}
            found = [each for each in found if each["scenario"] in names]
        if len({each["subject"] for each in found}) > 1:
            raise Misfit(f"{self.shown} has results of several subjects")
        self.results = {each["scenario"]: each for each in found}

    def as_searched(self):
        """Return: options to search another side with, so that the two can be compared"""
        return options_of(next(iter(self.results.values()))) if self.saved and self.results else {}

    def add_search(self, options):
        """Search as those options say, where nothing else was asked for"""
        self._search = {**options, **self._search}

    def build(self):
        """Build it, or find out why that cannot be"""
        if self.saved or self.on:
            return
        try:
            if os.path.isdir(self.shown) or revision.split(self.shown):
                self._subject, leads = self._program.build(self.shown)
                self.on = ["--tree", leads]
            else:
                self._program.look(self.shown)
                self.on = ["--subject", self.shown]
        except program.Unbuilt as why:
            self.built, self.why_not = False, str(why)

    def _words(self, executions=0):
        search = {**self._search, **({"--executions": str(executions)} if executions else {})}
        return [word for option in sorted(search.items()) for word in option]

    def search(self):
        """Search it, if there is anything to search"""
        self.build()
        if self.saved or not self.built or self.results:
            return
        program.progress(f"searching {self.shown}")
        try:
            self._take(self._kept.search(self._subject, self.on, self._scenarios,
                                         [*self._words(), "--suppress", "none"], self.shown))
        except program.Unbuilt as why:
            self.built, self.why_not = False, str(why)
        program.progress("")

    # ---- what was found

    def failures(self):
        """Return: Failure by its key, but for what is not modelled"""
        return {each.key: each for result in self.results.values() for each in failures_of(result)
                if each.kind != UNMODELLED}

    def unjudged(self, scenario):
        """Return: why nothing can be said of SCENARIO, or """""
        result = self.results.get(scenario)
        if not result:
            return f"{self.shown} does not play {scenario}"
        if result["state"] == "not-started":
            return f"{self.shown} was not searched in {scenario}"
        if any(each["kind"] == UNMODELLED for each in result["failures"]):
            return f"{self.shown} calls what the fake kernel lacks"
        return ""

    def was_cut_below(self, scenario, result, execution):
        """Return: why that it was not found here says nothing, or "". RESULT: of the other
        side, whose execution EXECUTION found it"""
        mine = self.results[scenario]
        if mine.get("dropped"):
            return f"{self.shown} has more failures in {scenario} than are kept"
        if mine.get("complete") or mine["executions"] >= result["executions"]:
            return ""
        if mine["strategy"] == result["strategy"] == "auto" and mine["state"] == "done" and \
                mine.get("budget") == result.get("budget"):
            return ""
        alike = all(mine.get(key) == result.get(key) for key, _ in _SAID)
        if alike and mine["strategy"] not in _IN_ORDER and mine["executions"] > execution:
            return ""
        return f"the search of {self.shown} in {scenario} was cut"

    # ---- schedules

    def can_play(self):
        """Return: whether a schedule can be tried: a saved result's tree may be another now"""
        if self.on or self.why_not:
            return bool(self.on)
        result = next(iter(self.results.values()))
        on = ["--tree", result["tree"]] if result.get("tree") else ["--subject", result["subject"]]
        self.why_not = f"what {self.shown} is of is not there any more, or is another now"
        try:
            if result.get("tree"):
                self._subject = self._program.build(result["tree"])[0]
            now = self._kept.search(self._subject, on, [result["scenario"]],
                                    ["--executions", "1"], self.shown)[0]
        except (program.Unbuilt, program.Failed, Misfit):
            return False
        sources = [{each["path"]: each["sha256"] for each in one["sources"]}
                   for one in (now, result)]
        if sources[0] == sources[1]:
            self.on, self.why_not = on, ""
        return bool(self.on)

    def replay(self, schedule, suppress=("--suppress", "none")):
        """Return: as Program.replay(), on this side"""
        if not self.can_play():
            return None, self.why_not
        return self._program.replay(schedule, self.on, suppress)

    def schedule_of(self, failure):
        """Return: a schedule of FAILURE, which this side has, of its very scenario and group;
        "" if there is none. One that was told together with others has to be searched once
        more, where those are known"""
        head = head_of(failure.schedule) if failure.schedule else {}
        if head.get("scenario") == failure.scenario and head.get("group") == failure.group:
            return failure.schedule
        if failure.key not in self._made:
            self._made[failure.key] = self._make(failure)
        return self._made[failure.key]

    def found_by_more(self, scenario):
        """Return: keys of what a search of SCENARIO finds that is several times as long: before
        anything is called new or fixed because this side has not found it"""
        result = self.results[scenario]
        if result.get("complete") or not self.can_play():
            return set()
        options = options_of(result)
        if result["strategy"] == "auto":
            options["--budget"] = _LONGER[options["--budget"]]
        elif result["strategy"] in _IN_ORDER:
            return set()
        else:
            options["--executions"] = str(_TIMES * result["executions"])
        words = [word for option in sorted(options.items()) for word in option]
        try:
            found = self._kept.search(self._subject, self.on, [self._name_of(scenario)],
                                      [*words, "--suppress", "none"], self.shown)
        except program.Failed:
            return set()
        return {each.key for result in found for each in failures_of(result)}

    def _others(self, failure):
        """Return: a file that has all other groups of its scenario"""
        result = self.results[failure.scenario]
        rest = [each for each in result["failures"]
                if (each["kind"], each.get("report_group") or each["group"]) != failure.key[1:]]
        return self._kept.note([{**result, "failures": rest}])

    def _make(self, failure):
        if not self.can_play():
            return ""
        result = self.results[failure.scenario]
        executions = 0 if result["strategy"] in ("auto", *_IN_ORDER) else result["executions"]
        if self.saved:
            self._search = options_of(result)
        try:
            found = self._kept.search(
                self._subject, self.on, [self._name_of(failure.scenario)],
                [*self._words(executions), "--suppress", "none", "--baseline",
                 self._others(failure)], self.shown)
        except program.Failed:
            return ""
        return next((each.schedule for each in failures_of(found[0])
                     if each.key == failure.key and each.schedule), "")

    def _name_of(self, scenario):
        """Return: how SCENARIO is named on the command line: one of a file by that"""
        return next((each for each in self._scenarios
                     if os.path.basename(each) == scenario + ".scenario"), scenario)

    def known(self, schedule):
        """Return: why that schedule's failure is known on this side, or """""
        came, said = self.replay(schedule, ())
        if came is not False:
            return ""
        kind = head_of(schedule).get("kind", "")
        found = re.search(rf"^known     {kind} .*?(?:, (finding \d+) \(|\().*? kept back: (.*)$",
                          said, re.M)
        return ": ".join(filter(None, found.groups())) if found else ""

    def shows(self, schedule):
        """Return: kind and summary of all that SCHEDULE leads to on this side"""
        came, said = self.replay(schedule)
        return set(re.findall(r"^failure   (\S+) +(.*)$", said, re.M)) if came else set()

    def json(self):
        """Return: what it is, for --json"""
        return {"name": self.shown, "built": self.built, "why": self.why_not,
                "tree": self.on[1] if self.on and self.on[0] == "--tree" else None}
