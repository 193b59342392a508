# SPDX-License-Identifier: GPL-2.0-only
"""As much of C as tools/mutate needs: tokens, functions, statements, expressions.

Source is read as it is written, before the preprocessor. Trees are made of Node, each
with the range of tokens that it spans. A function that is not understood raises
Unreadable and is left out.
"""
import re
from bisect import bisect_right
from dataclasses import dataclass, field

TOKEN = re.compile(r"""
    (?P<skip>\s+|//[^\n]*|/\*.*?\*/|\\\n)
  | (?P<str>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
  | (?P<chr>[uUL]?'(?:\\.|[^'\\\n])+')
  | (?P<num>\.?[0-9](?:[eEpP][+-]|[0-9A-Za-z_.])*)
  | (?P<id>[A-Za-z_]\w*)
  | (?P<op>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-\[\](){}<>;:,.?~!+*/%&|^=@$])
""", re.VERBOSE | re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*\#(?:[^\n\\]|\\.)*", re.MULTILINE | re.DOTALL)

TYPE_WORDS = set("""void char short int long float double signed unsigned bool _Bool struct union
    enum const volatile static extern register inline typedef typeof __typeof__ va_list FILE
    size_t ssize_t off_t pid_t u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64
    uintptr_t intptr_t""".split())
KEYWORDS = set("""if else while do for switch case default return goto break continue sizeof
    _Static_assert _Alignof""".split())
BINARY = {"*": 10, "/": 10, "%": 10, "+": 9, "-": 9, "<<": 8, ">>": 8, "<": 7, ">": 7,
          "<=": 7, ">=": 7, "==": 6, "!=": 6, "&": 5, "^": 4, "|": 3, "&&": 2, "||": 1}
ASSIGNMENT = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}


class Unreadable(Exception):
    """What stands there is not C as we know it."""


@dataclass
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass
class Node:
    """Tokens [first, last) of one kind; what the parts are depends on the kind."""
    kind: str
    first: int
    last: int
    parts: list = field(default_factory=list)
    op: int = -1  # index of the operator's token


@dataclass
class Function:
    name: str
    body: Node


class Source:
    """A file: its text and its tokens outside of preprocessor lines."""

    def __init__(self, text):
        self.text = text
        self.tokens = []
        hidden = []
        comments = [(m.start(), m.end()) for m in re.finditer(r"/\*.*?\*/", text, re.DOTALL)]
        for m in DIRECTIVE.finditer(text):
            if not any(a <= m.start() < b for a, b in comments):
                hidden.append((m.start(), m.end()))
        starts = [m.start() for m in re.finditer(r"^", text, re.MULTILINE)]
        self._starts = starts
        pos, hide = 0, iter(hidden + [(len(text) + 1, 0)])
        dark = next(hide)
        while pos < len(text):
            if pos >= dark[0]:
                pos, dark = max(pos, dark[1]), next(hide)
                continue
            m = TOKEN.match(text, pos)
            if not m:
                raise Unreadable(f"line {self.line(pos)}: character {text[pos]!r}")
            end = m.end()
            if m.lastgroup == "skip":
                # a directive may begin within what was taken for blank
                if not m.group().startswith("/"):
                    end = min(end, max(dark[0], pos + 1))
            else:
                self.tokens.append(Token(m.lastgroup, m.group(), pos, end))
            pos = end

    def line(self, offset):
        return bisect_right(self._starts, offset)

    def of(self, node):
        """The node's text as it stands."""
        if node.first == node.last:
            return ""
        return self.text[self.tokens[node.first].start:self.tokens[node.last - 1].end]

    def flat(self, first, last):
        """The text of tokens [first, last) in one line, without comments."""
        out = []
        for i in range(first, last):
            tok = self.tokens[i]
            if out and self.tokens[i - 1].end != tok.start:
                out.append(" ")
            out.append(tok.text)
        return "".join(out)

    def functions(self):
        """Function for each one that can be read, and a list of those that cannot."""
        found, failed = [], []
        toks, i = self.tokens, 0
        while i < len(toks):
            text = toks[i].text
            if text == "{":
                name = self._function_before(i)
                close = self.match(i)
                if name:
                    try:
                        found.append(Function(name, Parser(self).block(i)[0]))
                    except (Unreadable, IndexError) as e:
                        failed.append(f"{name}: {e}")
                i = close + 1
            else:
                i += 1
        return found, failed

    def match(self, i):
        """The index of the bracket that closes the one at @i."""
        depth = 0
        for k in range(i, len(self.tokens)):
            if self.tokens[k].text in ("(", "[", "{"):
                depth += 1
            elif self.tokens[k].text in (")", "]", "}"):
                depth -= 1
                if not depth:
                    return k
        raise Unreadable(f"line {self.line(self.tokens[i].start)}: bracket is not closed")

    def _function_before(self, brace):
        """NAME of NAME(...) { at @brace; None when this opens something else."""
        k = brace - 1
        name = None
        while k >= 0 and self.tokens[k].text == ")":
            depth = 0
            while k >= 0:
                depth += {")": 1, "(": -1}.get(self.tokens[k].text, 0)
                if not depth:
                    break
                k -= 1
            k -= 1
            if k < 0 or self.tokens[k].kind != "id":
                return None
            name = self.tokens[k].text
            if name not in ("__attribute__", "__printf", "__aligned"):
                return name
            k -= 1
        return None


class Parser:
    """Statements and expressions of one function."""

    def __init__(self, source):
        self.s = source
        self.t = source.tokens

    def text(self, i):
        return self.t[i].text

    def expect(self, i, what):
        if self.text(i) != what:
            line = self.s.line(self.t[i].start)
            raise Unreadable(f"line {line}: {what!r} expected, not {self.text(i)!r}")
        return i + 1

    # ---- statements: each returns a node and the index after it ----

    def block(self, i):
        start, parts = i, []
        i = self.expect(i, "{")
        while self.text(i) != "}":
            node, i = self.statement(i)
            parts.append(node)
        return Node("block", start, i + 1, parts), i + 1

    def statement(self, i):
        word = self.text(i)
        if word == "{":
            return self.block(i)
        if word == ";":
            return Node("empty", i, i + 1), i + 1
        if word in ("if", "while", "switch"):
            return self._conditional(i)
        if word == "do":
            return self._do(i)
        if word == "for":
            return self._for(i)
        if word in ("return", "goto", "break", "continue"):
            return self._jump(i)
        if word in ("case", "default"):
            end = i
            while self.text(end) != ":":
                end += 1
            return Node("label", i, end + 1), end + 1
        if self.t[i].kind == "id" and self.text(i + 1) == ":" and self.text(i + 2) != ":":
            return Node("label", i, i + 2), i + 2
        if word == "_Static_assert":
            end = self.s.match(i + 1) + 2
            return Node("empty", i, end), end
        if self.is_declaration(i):
            return self._declaration(i)
        return self._expression_statement(i)

    def _conditional(self, i):
        start, word = i, self.text(i)
        close = self.s.match(i + 1)
        cond = self.whole(i + 2, close)
        body, i = self.statement(close + 1)
        parts = [cond, body]
        if word == "if" and i < len(self.t) and self.text(i) == "else":
            other, i = self.statement(i + 1)
            parts.append(other)
        return Node(word, start, i, parts), i

    def _do(self, i):
        start = i
        body, i = self.statement(i + 1)
        i = self.expect(i, "while")
        close = self.s.match(i)
        cond = self.whole(i + 1, close)
        i = self.expect(close + 1, ";")
        return Node("do", start, i, [cond, body]), i

    def _for(self, i):
        start = i
        close = self.s.match(i + 1)
        i += 2
        if self.is_declaration(i):
            init, i = self._declaration(i)
        else:
            init, i = self._upto(i, ";")
        cond, i = self._upto(i, ";")
        step = self.whole(i, close) if i < close else Node("empty", i, i)
        body, i = self.statement(close + 1)
        return Node("for", start, i, [init, cond, step, body]), i

    def _upto(self, i, end):
        if self.text(i) == end:
            return Node("empty", i, i), i + 1
        node, i = self.comma(i)
        return node, self.expect(i, end)

    def _jump(self, i):
        start, parts = i, []
        if self.text(i) == "return" and self.text(i + 1) != ";":
            node, i = self.comma(i + 1)
            parts.append(node)
        else:
            while self.text(i) != ";":
                i += 1
        i = self.expect(i, ";")
        return Node("jump", start, i, parts), i

    def _expression_statement(self, i):
        start = i
        node, i = self.comma(i)
        if self.text(i) == ";":
            return Node("expr", start, i + 1, [node]), i + 1
        if node.kind == "call":  # list_for_each(...) body
            body, i = self.statement(i)
            return Node("each", start, i, [node, body]), i
        raise Unreadable(f"line {self.s.line(self.t[i].start)}: unexpected {self.text(i)!r}")

    def is_declaration(self, i):
        if self.text(i) in ("__attribute__", "__maybe_unused"):
            return True
        if self.t[i].kind != "id" or self.text(i) in KEYWORDS:
            return False
        if self.text(i) in TYPE_WORDS:
            return True
        k = i + 1
        if self.t[k].kind == "id":
            return True
        stars = 0
        while self.text(k) in ("*", "const"):
            stars += 1
            k += 1
        return bool(stars and self.t[k].kind == "id" and
                    self.text(k + 1) in ("=", ";", ",", "["))

    def _declaration(self, i):
        """Only what initialises a variable at run time is of interest."""
        start, parts, fixed = i, [], False
        while self.text(i) != ";":
            word = self.text(i)
            fixed = fixed or word in ("static", "extern", "typedef")
            if word in ("(", "[", "{"):
                i = self.s.match(i) + 1
            elif word == "=" and not fixed:
                node, i = self.initialiser(i + 1)
                parts.append(node)
            else:
                i += 1
        return Node("decl", start, i + 1, parts), i + 1

    def initialiser(self, i):
        return self.braces(i) if self.text(i) == "{" else self.assignment(i)

    def braces(self, i):
        start, parts, close = i, [], self.s.match(i)
        i += 1
        while i < close:
            if self.text(i) == ",":
                i += 1
                continue
            while self.text(i) in (".", "["):  # designators
                i = i + 2 if self.text(i) == "." else self.s.match(i) + 1
            if self.text(i) == "=":
                i += 1
            node, i = self.initialiser(i)
            parts.append(node)
        return Node("braces", start, close + 1, parts), close + 1

    # ---- expressions ----

    def whole(self, i, end):
        node, after = self.comma(i)
        if after != end:
            raise Unreadable(f"line {self.s.line(self.t[after].start)}: "
                             f"unexpected {self.text(after)!r}")
        return node

    def comma(self, i):
        node, i = self.assignment(i)
        while self.text(i) == ",":
            right, after = self.assignment(i + 1)
            node = Node("comma", node.first, right.last, [node, right], i)
            i = after
        return node, i

    def assignment(self, i):
        node, i = self.ternary(i)
        if self.text(i) in ASSIGNMENT:
            op = i
            right, i = self.assignment(i + 1)
            node = Node("assign", node.first, right.last, [node, right], op)
        return node, i

    def ternary(self, i):
        node, i = self.binary(i, 1)
        if self.text(i) != "?":
            return node, i
        op, parts = i, [node]
        if self.text(i + 1) == ":":
            i += 1
        else:
            yes, i = self.comma(i + 1)
            parts.append(yes)
        i = self.expect(i, ":")
        no, i = self.ternary(i)
        parts.append(no)
        return Node("ternary", node.first, no.last, parts, op), i

    def binary(self, i, least):
        node, i = self.unary(i)
        while BINARY.get(self.text(i), 0) >= least:
            op, level = i, BINARY[self.text(i)]
            right, i = self.binary(i + 1, level + 1)
            node = Node("binary", node.first, right.last, [node, right], op)
        return node, i

    def unary(self, i):
        word = self.text(i)
        if word in ("sizeof", "_Alignof", "__alignof__"):
            after = self.s.match(i + 1) + 1 if self.text(i + 1) == "(" else self.unary(i + 1)[1]
            return Node("opaque", i, after), after
        if word in ("!", "~", "-", "+", "*", "&", "++", "--"):
            node, after = self.unary(i + 1)
            return Node("unary", i, after, [node], i), after
        if word == "&&":  # address of a label
            return Node("opaque", i, i + 2), i + 2
        if word == "(" and self.is_cast(i):
            close = self.s.match(i)
            if self.text(close + 1) == "{":
                node, after = self.braces(close + 1)
                return self.postfix(Node("compound", i, after, [node]), after)
            node, after = self.unary(close + 1)
            return Node("cast", i, after, [node]), after
        return self.postfix(*self.primary(i))

    def is_cast(self, i):
        close = self.s.match(i)
        inside = [self.text(k) for k in range(i + 1, close)]
        if not inside or self.t[i + 1].kind != "id":
            return False
        if inside[0] in TYPE_WORDS or re.fullmatch(r"\w+_t", inside[0]):
            return True
        following = self.t[close + 1]
        if any(w not in ("*", "const", "volatile") for w in inside[1:]):
            return False
        if len(inside) > 1:  # (name *) x
            return inside[-1] in ("*", "const", "volatile")
        return following.kind in ("id", "num", "str", "chr") or following.text in "{~!"

    def primary(self, i):
        tok = self.t[i]
        if tok.text == "(":
            close = self.s.match(i)
            if self.text(i + 1) == "{":
                return Node("opaque", i, close + 1), close + 1
            return Node("paren", i, close + 1, [self.whole(i + 1, close)]), close + 1
        if tok.kind == "str":
            after = i + 1
            while self.t[after].kind == "str" or (self.t[after].kind == "id" and
                                                  self.text(after).startswith("PRI")):
                after += 1
            return Node("opaque", i, after), after
        if tok.kind == "num":
            return Node("number", i, i + 1), i + 1
        if tok.kind == "chr":
            return Node("opaque", i, i + 1), i + 1
        if tok.kind == "id" and tok.text not in KEYWORDS:
            return Node("name", i, i + 1), i + 1
        raise Unreadable(f"line {self.s.line(tok.start)}: unexpected {tok.text!r}")

    def postfix(self, node, i):
        while True:
            word = self.text(i)
            if word == "(":
                close = self.s.match(i)
                node = Node("call", node.first, close + 1, [node] + self.arguments(i, close), i)
                i = close + 1
            elif word == "[":
                close = self.s.match(i)
                node = Node("index", node.first, close + 1,
                            [node, self.whole(i + 1, close)], i)
                i = close + 1
            elif word in (".", "->"):
                node = Node("member", node.first, i + 2, [node], i)
                i += 2
            elif word in ("++", "--"):
                node = Node("postfix", node.first, i + 1, [node], i)
                i += 1
            else:
                return node, i

    def arguments(self, i, close):
        """Of what is no expression, such as a type, an opaque node."""
        parts, i = [], i + 1
        while i < close:
            try:
                node, after = self.assignment(i)
                if after != close and self.text(after) != ",":
                    raise Unreadable("no expression")
            except Unreadable:
                after = i
                while after < close and self.text(after) != ",":
                    after = self.s.match(after) + 1 if self.text(after) in "([{" else after + 1
                node = Node("opaque", i, after)
            parts.append(node)
            i = after + 1
        return parts
