# SPDX-License-Identifier: GPL-2.0-only
"""Prints comparisons: lines, JSON, JUnit's XML, Markdown."""
import json
import os
import shutil
from xml.sax.saxutils import escape, quoteattr

from subject.misfit import Misfit

from .comparison import FIXED, NEW, STATES, UNKNOWN

_INDENT = " " * 22
_MOST = 4       # scenarios that are named
_REASONS = 6    # lines of what cannot be told


def _names(names):
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


def keep_schedules(comparison, folder):
    """Copy the schedules of what is new and what is fixed into FOLDER"""
    for cause in comparison.of_state(NEW) + comparison.of_state(FIXED):
        cell = cause.first
        if not cell.schedule:
            continue
        target = os.path.join(folder, os.path.basename(cell.schedule))
        try:
            os.makedirs(folder, exist_ok=True)
            if os.path.abspath(cell.schedule) != os.path.abspath(target):
                shutil.copyfile(cell.schedule, target)
        except OSError as why:
            raise Misfit(f"cannot write {target}: {why.strerror}") from None
        cell.schedule = target


def cause_lines(cause):
    """Return: what is said of what is new or fixed, line by line"""
    failure = cause.first.failure
    lines = [f"{cause.state:9} {failure.kind:10}  {failure.summary}",
             f"{_INDENT}in {_names(cause.scenarios())}"]
    if cause.first.known:
        lines.append(f"{_INDENT}known: {cause.first.known}")
    if cause.first.schedule:
        lines.append(f"{_INDENT}{cause.first.schedule}")
    return lines


def _unknown_lines(comparison):
    reasons = {}
    for cause in comparison.of_state(UNKNOWN):
        for cell in cause.cells:
            reasons.setdefault(cell.why, []).append(cell)
    lines = [f"untold    {len(cells)} in {_names(list(dict.fromkeys(c.failure.scenario for c in cells)))}"
             f": {why}" for why, cells in reasons.items()]
    return lines[:_REASONS] + ([f"untold    {len(lines) - _REASONS} more reasons"]
                               if len(lines) > _REASONS else [])


def counts(comparison):
    """Return: "fixed: 1, new: 0, ..." """
    return ", ".join(f"{state}: {comparison.count(state)}" for state in STATES)


def lines(comparison):
    """Return: all of it: what is new comes first, the counts last"""
    side = comparison.unbuilt()
    if side:
        return [f"{side.shown} does not build: {side.why_not}"]
    found = [line for state in (NEW, FIXED) for cause in comparison.of_state(state)
             for line in cause_lines(cause)]
    return found + _unknown_lines(comparison) + [counts(comparison)]


# ---- JSON

def _cell_json(cell, cause):
    failure = cell.failure
    return {"scenario": failure.scenario, "kind": failure.kind, "report_group": failure.group,
            "state": cell.state, "cause": cause, "summary": failure.summary,
            "why": cell.why or None, "known": cell.known or None,
            "schedule": cell.schedule or None}


def as_json(comparison):
    """Return: an object"""
    made = {"before": comparison.before.json(), "after": comparison.after.json()}
    made.update({state.replace(" ", "_"): comparison.count(state) for state in STATES})
    made["groups"] = [_cell_json(cell, nr) for nr, cause in enumerate(comparison.causes)
                      for cell in cause.cells]
    return made


def to_json(objects):
    """Return: an array of OBJECTS, one a line, as results are written"""
    return "[\n" + ",\n".join(json.dumps(each) for each in objects) + "\n]\n"


# ---- JUnit

def _case(name, classname, new, untold):
    text = f"<testcase classname={quoteattr(classname)} name={quoteattr(name)}>\n"
    for cell in new:
        failure = cell.failure
        text += (f"<failure type={quoteattr(failure.kind)} message={quoteattr(failure.summary)}>"
                 f"{escape(failure.group)}\n{escape(cell.schedule)}</failure>\n")
    if untold and not new:
        text += f"<skipped message={quoteattr(untold)}/>\n"
    return text + "</testcase>\n"


def cases(comparison, classname):
    """Return: a test case for each scenario of COMPARISON: failures are what is new"""
    side = comparison.unbuilt()
    if side:
        return [_case("builds", classname, [], f"{side.shown} does not build: {side.why_not}")]
    found = []
    for scenario in {**comparison.before.results, **comparison.after.results}:
        here = [cell for cell in comparison.cells if cell.failure.scenario == scenario]
        untold = next((cell.why for cell in here if cell.state == UNKNOWN),
                      comparison.before.unjudged(scenario) or comparison.after.unjudged(scenario))
        found.append(_case(scenario, classname, [c for c in here if c.state == NEW], untold))
    return found


def to_junit(found):
    """Return: the XML with those test cases"""
    failed = sum("<failure" in each for each in found)
    skipped = sum("<skipped" in each for each in found)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="uringsim" '
            f'tests="{len(found)}" failures="{failed}" errors="0" skipped="{skipped}">\n'
            + "".join(found) + "</testsuite>\n</testsuites>\n")


# ---- Markdown

def cell_text(text):
    """Return: TEXT as it can stand in a table of Markdown"""
    return text.replace("|", "\\|").replace("\n", " ")


def to_page(title, comparisons):
    """Return: a page, a table for each of COMPARISONS"""
    text = f"# {title}\n"
    for each in comparisons:
        text += f"\n## {each.after.shown}, compared with {each.before.shown}\n\n"
        if each.unbuilt():
            text += lines(each)[0] + "\n"
            continue
        text += counts(each) + "\n\n| | kind | what | scenarios | why |\n|---|---|---|---|---|\n"
        for cause in sorted(each.causes, key=lambda c: (NEW, FIXED, UNKNOWN, "unchanged").index(c.state)):
            first = cause.first
            text += "| " + " | ".join(map(cell_text, (
                cause.state, first.failure.kind, first.failure.summary, _names(cause.scenarios()),
                first.why or first.known))) + " |\n"
    return text
