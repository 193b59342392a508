# SPDX-License-Identifier: GPL-2.0-only
"""What mistakes are made in a file, and the file with all of them in it.

A file is written once with every mutant: "a < b" becomes
"(mutate_is(7) ? (a <= b) : (a < b))", a statement "{ if (!mutate_is(8)) f(); }". Which of
them is made is said when a program starts (mutate.h). Lines stay where they are.
"""
import re
from collections import Counter
from dataclasses import dataclass, field

from .syntax import BINARY

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
               "==": ("!=",), "!=": ("==",)}
OPERATORS = {"&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "*": ("+",), "/": ("*",),
             "%": ("/",), "&": ("|",), "|": ("&",), "^": ("&",), "<<": (">>",), ">>": ("<<",)}
ASSIGNMENTS = {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<=",
               "*=": "/=", "/=": "*="}
STEPS = {"++": "--", "--": "++"}
NAMED = {"true": "false", "false": "true"}
ERRNO = re.compile(r"E[A-Z0-9]{3,}$")
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)$")
# what they get is text, a type, or no part of what the program does
OPAQUE_CALLS = {"SCHED_SITE", "assert", "offsetof", "container_of", "va_arg", "va_start",
                "static_assert", "__builtin_offsetof", "__builtin_types_compatible_p",
                "__builtin_choose_expr", "__builtin_constant_p", "__typeof__", "typeof",
                "defined", "__attribute__", "_MM_SHUFFLE"}
# whose first two arguments may change places when it is only asked whether they are equal
SYMMETRIC = {"strcmp", "strncmp", "memcmp"}


@dataclass
class Mutant:
    """One mistake: tokens [first, last) of a file read otherwise."""
    file: str
    function: str
    what: str
    line: int
    before: str = ""
    after: str = ""
    nth: int = 1  # of those that read the same
    number: int = 0
    node: object = None
    new: object = None  # how the node reads with it; None: the statement is left out
    binds_less: bool = False  # than what it replaces: to be shown in brackets
    outer: object = None  # what before and after show, around the node
    tests: list = field(default_factory=list)
    status: str = ""
    by: str = ""
    reason: str = ""

    def key(self):
        return (self.file, self.function, self.before, self.after, self.nth)


class Finder:
    """All mutants of one function."""

    def __init__(self, source, path, function):
        self.s, self.path, self.function = source, path, function
        self.found = []
        self._outer, self._kept = None, False
        self._equality = set()  # calls that are compared with zero, by identity

    def run(self):
        body = self.function.body
        last = body.parts[-1] if body.parts else None
        for part in body.parts:
            self.statement(part, part is last)
        return self.found

    def add(self, what, node, new, outer=None):
        self.found.append(Mutant(
            self.path, self.function.name, what, self.s.line(self.s.tokens[node.first].start),
            node=node, new=new, outer=outer or self._outer))

    def flat(self, node):
        return self.s.flat(node.first, node.last)

    def replaced(self, node, part, text):
        """The text of @node, in one line, with @text for its tokens @part (a range)."""
        before, after = self.s.flat(node.first, part[0]), self.s.flat(part[1], node.last)
        pad = [" " if a > node.first and b < node.last and
               self.s.tokens[a - 1].end != self.s.tokens[b].start else ""
               for a, b in ((part[0], part[0]), (part[1], part[1]))]
        return before + pad[0] + text + pad[1] + after

    # ---- statements ----

    def statement(self, node, is_last=False):
        kind = node.kind
        if kind == "expr":
            self._outer = node
            if not self._is_opaque(node.parts[0]) and node.parts[0].kind != "cast":
                self.add("statement dropped", node, None)
            self.expression(node.parts[0])
        elif kind == "jump":
            self._outer = node
            if not is_last:
                self.add("jump dropped", node, None)
            for part in node.parts:
                self.expression(part, kept=True)
        elif kind == "block":
            for part in node.parts:
                self.statement(part)
        elif kind in ("if", "while", "do", "switch"):
            self._outer = node.parts[0]
            if kind != "switch":
                self.condition(node.parts[0])
            self.expression(node.parts[0])
            for part in node.parts[1:]:
                self.statement(part)
        elif kind == "for":
            self._for(node)
        elif kind == "each":
            self.statement(node.parts[1])
        elif kind == "decl":
            self._outer = node
            for part in node.parts:
                self.expression(part, kept=True)

    def _for(self, node):
        init, cond, step, body = node.parts
        for part in (init, cond, step):
            self._outer = part
            if part.kind == "decl":
                for value in part.parts:
                    self.expression(value)
            elif part.kind != "empty":
                if part is cond:
                    self.condition(part)
                self.expression(part)
        self.statement(body)

    def condition(self, node):
        """Negated; of a comparison the operator alone says that."""
        if self._is_opaque(node):
            return
        if node.kind == "binary" and self.s.tokens[node.op].text in COMPARISONS:
            return
        self.add("condition negated", node, f"!({self.flat(node)})")

    def _is_opaque(self, node):
        return node.kind == "call" and self.s.tokens[node.first].text in OPAQUE_CALLS

    # ---- expressions ----

    def expression(self, node, kept=False):
        """@kept: it is the whole of what is assigned, returned or begun with."""
        kind, self._kept = node.kind, kept
        self._note_equality(node)
        if kind == "opaque" or self._is_opaque(node):
            return
        if kind == "name":
            self._name(node)
        elif kind == "number":
            self._number(node)
        elif kind == "binary":
            word = self.s.tokens[node.op].text
            for new in COMPARISONS.get(word, ()):
                self._operator("comparison", node, new)
            for new in OPERATORS.get(word, ()):
                self._operator("operator", node, new)
        elif kind == "assign":
            new = ASSIGNMENTS.get(self.s.tokens[node.op].text)
            if new:
                self._operator("operator", node, new)
        elif kind in ("unary", "postfix") and self.s.tokens[node.op].text in STEPS:
            self._operator("operator", node, STEPS[self.s.tokens[node.op].text])
        elif kind == "ternary":
            self.condition(node.parts[0])
        elif kind == "call":
            self._arguments(node)
        self._inside(node)

    def _inside(self, node):
        word = self.s.tokens[node.op].text if node.op >= 0 else ""
        if node.kind == "call":
            parts = node.parts[1:]
            if node.parts[0].kind != "name":
                parts = node.parts
        elif node.kind == "unary" and word == "-":
            parts = node.parts
        elif node.kind in ("unary", "postfix") and word in ("++", "--", "&"):
            # an object, not a value: only what indexes it may be another
            parts = self._indices(node.parts[0])
        elif node.kind == "assign":
            parts = self._indices(node.parts[0]) + [node.parts[1]]
        else:
            parts = node.parts
        for part in parts:
            self.expression(part, kept=node.kind == "assign" and part is node.parts[1])

    def _indices(self, node):
        """The indices and called values in an lvalue."""
        if node.kind == "index":
            return self._indices(node.parts[0]) + [node.parts[1]]
        if node.kind in ("member", "paren"):
            return self._indices(node.parts[0])
        if node.kind == "name":
            return []
        if node.kind == "unary" and self.s.tokens[node.op].text == "*":
            return [node.parts[0]]
        return [node] if node.kind == "call" else []

    def _operator(self, what, node, new):
        self.add(what, node, self.replaced(node, (node.op, node.op + 1), new))
        old = self.s.tokens[node.op].text
        self.found[-1].binds_less = BINARY.get(new, 0) < BINARY.get(old, 0)

    def _name(self, node):
        word = self.s.tokens[node.first].text
        if word in NAMED:
            self.add("constant", node, NAMED[word])
        elif ERRNO.match(word):
            self.add("constant", node, "EPERM" if word != "EPERM" else "EIO")

    def _number(self, node):
        m = NUMBER.match(self.s.tokens[node.first].text)
        if not m:
            return
        word, suffix = m.groups()
        octal = word.startswith("0") and word.isdigit()
        value = int(word, 8) if octal else int(word, 0)
        # a 2 says no more than a 1 where it is kept as a truth
        for new in (value + 1, value - 1):
            if new >= 0 and not (value == 1 == new - 1 and self._kept):
                self.add("constant", node, f"{hex(new) if word[:2] in ('0x', '0X') else new}"
                         f"{suffix}")

    def _note_equality(self, node):
        """Remember calls whose value is only asked to be zero, or not to be."""
        word = self.s.tokens[node.op].text if node.op >= 0 else ""
        if (node.kind, word) == ("unary", "!"):
            self._equality.add(id(node.parts[0]))
        elif node.kind == "binary" and word in ("==", "!="):
            a, b = node.parts
            for call, zero in ((a, b), (b, a)):
                if zero.kind == "number" and self.flat(zero) == "0":
                    self._equality.add(id(call))

    def _arguments(self, node):
        """Two neighbours change places; the compiler says which may not."""
        args = node.parts[1:]
        if id(node) in self._equality and self.s.tokens[node.first].text in SYMMETRIC:
            args = args[1:]
        for a, b in zip(args, args[1:]):
            x, y = self.flat(a), self.flat(b)
            if x == y or "opaque" in (a.kind, b.kind) or self._is_opaque(a) or \
                    self._is_opaque(b):
                continue
            new = self.replaced(node, (a.first, b.last), f"{y}, {x}")
            self.add("arguments swapped", node, new)


def find(source, path):
    """The mutants of a file, as (mutants, functions that could not be read)."""
    functions, failed = source.functions()
    found = []
    for function in functions:
        finder = Finder(source, path, function)
        for m in finder.run():
            show(finder, m)
            found.append(m)
    seen = Counter()
    for m in found:
        seen[m.key()] += 1
        m.nth = seen[m.key()]
    return found, failed


def show(finder, m):
    """What is read before and after: the statement or condition around it."""
    outer, new = m.outer, m.new
    m.before = finder.flat(outer)
    if m.binds_less and m.node is not outer:
        new = f"({new})"
    if m.new is None:
        m.after = "(dropped)"
    else:
        m.after = finder.replaced(outer, (m.node.first, m.node.last), new)


def single(source, m):
    """The text of the file with one mutant, as an author would have written it."""
    first, last = source.tokens[m.node.first], source.tokens[m.node.last - 1]
    old = source.text[first.start:last.end]
    new = ";" if m.new is None else f"({m.new})"
    return source.text[:first.start] + new + "\n" * old.count("\n") + source.text[last.end:]


class Written:
    """The text of a file with all of some mutants in it, and where each of them stands."""

    def __init__(self, source, mutants, include):
        self.spans = []  # (line, first column, last column, mutant), from 1
        self._pieces, self._line, self._column = [], 1, 1
        first = re.match(r"//[^\n]*(?=\n)|/\*[^\n]*\*/(?=\n)", source.text)
        # in place of a first line that is a comment it does not move the others
        self._put(f'#include "{include}"' + ("" if first else "\n#line 1\n"))
        if not first:
            self._line = 1
        self._put_all(source, mutants, first.end() if first else 0)
        self.text = "".join(self._pieces)

    def _put(self, text):
        self._pieces.append(text)
        self._line += text.count("\n")
        cut = text.rfind("\n")
        length = len(text[cut + 1:].encode())
        self._column = length + (self._column if cut < 0 else 1)

    def _put_mutant(self, m, text):
        column = self._column
        self._put(text)
        self.spans.append((self._line, column, self._column, m))

    def _put_all(self, source, mutants, pos):
        at = {}
        for m in mutants:
            at.setdefault((m.node.first, m.node.last), []).append(m)
        opens, closes = {}, {}
        # of two that begin at the same token, the longer one is outside
        for (first, last), group in sorted(at.items(), key=lambda kv: (kv[0][0], -kv[0][1])):
            opens.setdefault(first, []).append(group)
            closes.setdefault(last - 1, []).insert(0, "))" if group[0].new is not None else " }")
        for i in sorted(opens.keys() | closes.keys()):
            tok = source.tokens[i]
            self._put(source.text[pos:tok.start])
            for group in opens.get(i, ()):
                self._open(group)
            self._put(tok.text)
            self._put("".join(closes.get(i, ())))
            pos = tok.end
        self._put(source.text[pos:])

    def _open(self, group):
        if group[0].new is None:
            self._put_mutant(group[0], f"{{ if (!mutate_is({group[0].number})) ")
            return
        self._put("(")
        for m in group:
            self._put_mutant(m, f"mutate_is({m.number}) ? ({m.new}) : ")
        self._put("(")

    def at(self, line, column):
        """The mutants whose text is there; of the whole line if none is."""
        exact = [m for at, a, b, m in self.spans if at == line and a <= column <= b]
        return exact or [m for at, _, _, m in self.spans if at == line]
