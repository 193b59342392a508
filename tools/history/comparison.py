# SPDX-License-Identifier: GPL-2.0-only
"""Compares two sides, per scenario and group of failures: what is found on one alone is tried
on the other by its schedule, before it is called new or fixed. Where one side has a group in many
scenarios, and the other in none, the first schedule that tells stands for all of them: each other
would take a search and a replay, and a mistake in the ring shows in every scenario."""
from dataclasses import dataclass, field

from . import program

NEW, FIXED, UNCHANGED, UNKNOWN = "new", "fixed", "unchanged", "cannot tell"
STATES = (FIXED, NEW, UNCHANGED, UNKNOWN)


@dataclass
class Cell:
    """One group of failures in one scenario."""
    failure: object         # a Failure, of the later side if that has it
    state: str
    why: str = ""           # if it is not known
    schedule: str = ""      # if it is new or fixed
    causes: list = field(default_factory=list)  # what joins it with others
    known: str = ""         # why the failure is known where it comes
    tried: bool = True      # by a schedule of its own


@dataclass
class Cause:
    """Cells of one state that are one mistake, as far as can be told."""
    state: str
    cells: list

    @property
    def first(self):
        """Return: the cell that stands for them"""
        return self.cells[0]

    def scenarios(self):
        """Return: the names, each once"""
        return list(dict.fromkeys(cell.failure.scenario for cell in self.cells))


class Comparison:
    """Of BEFORE and AFTER, both a Side."""

    def __init__(self, before, after):
        self.before, self.after = before, after
        self.cells = []
        self.causes = []
        self._groups = []       # of both sides, in whatever scenario
        self._proven = {}       # state and group to the Cell that was tried
        self._compare()

    # ---- cells

    def _compare(self):
        self.before.search()
        self.after.search()
        if not (self.before.built and self.after.built):
            return
        was, now = self.before.failures(), self.after.failures()
        self._groups = [{key[1:] for key in side} for side in (was, now)]
        scenarios = {scenario: nr for nr, scenario in
                     enumerate([*self.before.results, *self.after.results])}
        for key in sorted({**was, **now}, key=lambda each: (scenarios[each[0]], each)):
            self.cells.append(self._judge(key, was, now))
        program.progress("")
        self._join()

    def _judge(self, key, was, now):
        failure = now.get(key) or was[key]
        why = self.before.unjudged(key[0]) or self.after.unjudged(key[0])
        if why:
            return Cell(failure, UNKNOWN, why)
        if key in was and key in now:
            return Cell(failure, UNCHANGED, causes=[was[key].cause, now[key].cause])
        if key in now:
            return self._alone(failure, self.after, self.before, NEW)
        if key[1:] in self._groups[1]:
            still = next(each for each in now.values() if each.key[1:] == key[1:])
            return Cell(failure, UNCHANGED, f"it still comes in {still.scenario}",
                        causes=[failure.cause])
        return self._alone(failure, self.before, self.after, FIXED)

    def _alone(self, failure, has, lacks, state):
        """Return: the Cell of a FAILURE that the side HAS found, and LACKS has not"""
        proven = self._proven.get((state, *failure.key[1:]))
        if proven and not lacks.was_cut_below(failure.scenario, has.results[failure.scenario],
                                              failure.execution):
            return Cell(failure, state, f"as in {proven.failure.scenario}", proven.schedule,
                        [failure.cause], tried=False)
        program.progress(f"trying {failure.scenario}: {failure.summary}")
        schedule = has.schedule_of(failure)
        cell = Cell(failure, UNKNOWN, schedule=schedule, causes=[failure.cause])
        if not schedule:
            cell.why = has.why_not or f"no schedule of {has.shown} leads to it"
            return cell
        came, said = lacks.replay(schedule)
        if came is None:
            cell.why = said
        elif came:
            cell.state = UNCHANGED
        else:
            cell.why = lacks.was_cut_below(failure.scenario, has.results[failure.scenario],
                                           failure.execution)
            if not cell.why and failure.key in lacks.found_by_more(failure.scenario):
                cell.state = UNCHANGED
                return cell
            cell.state = UNKNOWN if cell.why else state
        if cell.state == state and not all(failure.key[1:] in each for each in self._groups):
            self._proven[(state, *failure.key[1:])] = cell
        return cell

    # ---- causes

    def _side_of(self, state):
        return self.after if state == NEW else self.before

    def _shown_together(self, cells, state):
        """What one schedule leads to in one scenario is one mistake with many faces"""
        side = self._side_of(state)
        for cell in filter(lambda each: each.tried, cells):
            if not side.can_play():
                return
            shown = side.shows(cell.schedule)
            for other in cells:
                if other is not cell and other.failure.scenario == cell.failure.scenario and \
                        (other.failure.kind, other.failure.summary) in shown:
                    other.causes.append(id(cell))
                    cell.causes.append(id(cell))
            cell.known = side.known(cell.schedule)
            if cell.known.startswith("finding "):   # one mistake, whatever it looks like
                cell.causes.append(cell.known.partition(":")[0])

    def _join(self):
        for state in STATES:
            cells = [cell for cell in self.cells if cell.state == state]
            if state in (NEW, FIXED):
                self._shown_together(cells, state)
            groups = []
            for cell in cells:
                words = {cell.failure.group, *cell.causes}
                mine = [group for group in groups if group[0] & words]
                joined = (words.union(*(group[0] for group in mine)),
                          [each for group in mine for each in group[1]] + [cell])
                groups = [group for group in groups if group not in mine] + [joined]
            self.causes += [Cause(state, group[1]) for group in groups]

    def of_state(self, state):
        """Return: the causes of STATE"""
        return [cause for cause in self.causes if cause.state == state]

    def count(self, state):
        """Return: how many of them there are"""
        return len(self.of_state(state))

    def unbuilt(self):
        """Return: the side that could not be built, or None"""
        return next((side for side in (self.before, self.after) if not side.built), None)

    def status(self):
        """Return: the exit status"""
        if self.count(NEW):
            return program.FOUND
        return program.TREE if self.unbuilt() else 0
