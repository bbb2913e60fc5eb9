"""Changes to queries: of tokens, of groups in brackets, of characters and of bytes.

A changed query is text whose bytes are ``text.encode("utf-8", "surrogateescape")``: some are no UTF-8, on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.fuzz.grammar import CANARY, Generator

# Not the server's own lexer: what that cuts wrongly must be changed as well.
_TOKENS = re.compile(
    r"""\s+|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|[?$@]?\w+(?::[\w.%-]*)?|\#[^\n]*|.""", re.DOTALL
)
_NUMBER = re.compile(r"\d+")
_OPENING = {"{": "}", "(": ")", "[": "]"}
_WORDS = (
    *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "FROM", "NAMED", "GRAPH", "SERVICE", "SILENT", "OPTIONAL"),
    *("UNION", "MINUS", "FILTER", "BIND", "AS", "VALUES", "UNDEF", "DISTINCT", "REDUCED", "GROUP BY", "HAVING"),
    *("ORDER BY", "LIMIT 1", "OFFSET 1", "EXISTS", "NOT", "IN", "LATERAL", "INSERT", "DELETE", "LOAD", "CLEAR ALL"),
    *("DROP", "PREFIX", "BASE", "VERSION", "true", "a", "COUNT(*)", "BNODE()", "<<", ">>", "<<(", ")>>", "{|", "|}"),
    *("^", "^^", "@en", "||", "&&", "!", "!=", "<", "<=", ">", "*", "/", "+", "-", ".", ";", ",", "{", "}", "(", ")"),
    *("[", "]", "'", '"', '"""', "'''", "\\", "_:", "?", "$", "#", "%", "1.", "..", ":", "::", "\ufeff", "\u00a0"),
)
_CHARACTERS = (
    *("\0", "\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u00a0", "\u200b", "\u2028", "\u202e", "\ufeff", "\ufffe"),
    *("\U0001f9ec", "\U0010ffff", "é", "e\u0301", "\udcff", "\udcc3", "\udced\udca0\udc80", "\udcf4\udc90\udc80\udc80"),
    *("\\u0041", "\\u0000", "\\ud800", "\\U0001F9EC", "\\U00110000", "\\u00", "\\x", "\\", "%zz", "%00", "%ff", "%c3"),
)
_NUMBERS = ("0", "1", "-1", "2147483648", "18446744073709551616", "9" * 400, "1e999", "1e-999", "0x10", "1_000", "007")
_SPACES = (
    "\t",
    "\r",
    "\r\n",
    "\n\n\n",
    "\x0b",
    "\x0c",
    "\u00a0",
    "\u2003",
    "#\n",
    "#\r",
    "# SERVICE\n",
    "/**/",
    "",
    " " * 500,
)
DISGUISES = (
    *(
        f"SERVICE <{CANARY}>",
        f"service<{CANARY}>",
        f"SERVICE SILENT <{CANARY}>",
        "SERVICE ?x",
        "SERVICE:x",
        "1SERVICE:x",
    ),
    *(f"\\u0053ERVICE <{CANARY}>", f"SERVICE#'\n<{CANARY}>", f"SERV\\u0049CE <{CANARY}>", "SERVICESILENT evil:x"),
    *(f"LATERAL {{ SERVICE <{CANARY}> {{}} }}", f"FILTER EXISTS {{ SERVICE <{CANARY}> {{}} }}", "trueSERVICE evil:x"),
    *("SERVICEevil:x", f"SERVICE <{CANARY}\\u0041>", f"OPTIONAL{{SERVICE<{CANARY}>{{}}}}", "a:b.c.SERVICE evil:x"),
)


def cut(text: str) -> list[str]:
    """Cut a query roughly into words, signs, strings, IRIs and white space."""
    return _TOKENS.findall(text)


def mutated(text: str, other: str, random: Random) -> str:
    """Return a query changed once or several times; ``other`` is a second one to take parts of."""
    for _ in range(random.choice((1, 1, 1, 1, 1, 1, 2, 2, 3, 6))):
        text = random.choice(_WAYS)(text, other, random)
        if len(text) > 400_000:
            return text[:400_000]
    return text


def _place(parts: list[str], random: Random) -> int:
    return random.randrange(len(parts)) if parts else 0


def _delete(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    at = _place(parts, random)
    del parts[at : at + random.choice((1, 1, 1, 2, 5, 20))]
    return "".join(parts)


def _duplicate(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    at = _place(parts, random)
    span = parts[at : at + random.choice((1, 1, 2, 5, 20))]
    return "".join(parts[:at] + span + parts[at:])


def _swap(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    if parts:
        one, two = _place(parts, random), _place(parts, random)
        parts[one], parts[two] = parts[two], parts[one]
    return "".join(parts)


def _insert(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    word = random.choice(_WORDS)
    parts.insert(_place(parts, random), word if random.random() < 0.3 else f" {word} ")
    return "".join(parts)


def _replace(text: str, other: str, random: Random) -> str:
    parts, others = cut(text), cut(other)
    if parts and others:
        parts[_place(parts, random)] = random.choice(others)
    return "".join(parts)


def _splice(text: str, other: str, random: Random) -> str:
    parts, others = cut(text), cut(other)
    return "".join(parts[: _place(parts, random)] + others[_place(others, random) :])


def _transplant(text: str, other: str, random: Random) -> str:
    """Put a group in brackets of the other query where this one has a group."""
    one, two = _group(text, random), _group(other, random)
    return text[: one[0]] + other[two[0] : two[1]] + text[one[1] :] if one and two else _splice(text, other, random)


def _group(text: str, random: Random) -> tuple[int, int] | None:
    starts = [m.start() for m in re.finditer(r"[{(\[]", text)]
    if not starts:
        return None
    start = random.choice(starts)
    opening, depth = text[start], 0
    for at in range(start, len(text)):
        depth += (text[at] == opening) - (text[at] == _OPENING[opening])
        if depth == 0:
            return start, at + 1
    return None


def _nest(text: str, other: str, random: Random) -> str:
    """Put a group into many more."""
    levels = random.choice((1, 2, 5, 20, 60, 99, 100, 101, 500, 3000))
    group = _group(text, random)
    if group is None:
        return text
    opening = text[group[0]]
    return (
        f"{text[: group[0]]}{opening * levels}{text[group[0] : group[1]]}{_OPENING[opening] * levels}{text[group[1] :]}"
    )


def _repeat(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    at = _place(parts, random)
    span = "".join(parts[at : at + random.choice((1, 1, 2, 4, 12))])
    times = random.choice((2, 3, 3, 10, 10, 51, 100) if random.random() < 0.9 else (1001, 5000))
    return "".join(parts[:at]) + span * min(times, 200_000 // max(len(span), 1)) + "".join(parts[at:])


def _numbers(text: str, other: str, random: Random) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return _insert(text, other, random)
    match = random.choice(found)
    return text[: match.start()] + random.choice(_NUMBERS) + text[match.end() :]


def _character(text: str, other: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(_CHARACTERS) + text[at + random.randint(0, 1) :]


def _bytes(text: str, other: str, random: Random) -> str:
    data = bytearray(text.encode("utf-8", "surrogateescape"))
    for _ in range(random.choice((1, 1, 2, 10))):
        if data:
            at = random.randrange(len(data))
            data[at] = random.choice((random.randrange(256), data[at] ^ (1 << random.randrange(8))))
    return data.decode("utf-8", "surrogateescape")


def _space(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    blank = [at for at, part in enumerate(parts) if part.isspace()]
    for at in random.sample(blank, min(len(blank), random.choice((1, 2, 1000)))):
        parts[at] = random.choice(_SPACES)
    return "".join(parts)


def _case(text: str, other: str, random: Random) -> str:
    parts = cut(text)
    at = _place(parts, random)
    if parts:
        parts[at] = random.choice((parts[at].upper(), parts[at].lower(), parts[at].swapcase()))
    return "".join(parts)


def _escape(text: str, other: str, random: Random) -> str:
    """Write letters as codepoint escapes (section 19.2)."""
    parts = cut(text)
    at = _place(parts, random)
    if parts:
        form = random.choice(("\\u{:04x}", "\\U{:08X}"))
        share = random.choice((0.2, 1.0))
        parts[at] = "".join(form.format(ord(c)) if random.random() < share else c for c in parts[at])
    return "".join(parts)


def _service(text: str, other: str, random: Random) -> str:
    at = random.choice([m.end() for m in re.finditer(r"[{}.\s]", text)] or [0])
    group = random.choice((" {}", "{}", " { ?s ?p ?o }", ""))
    return f"{text[:at]}{random.choice(('', ' '))}{random.choice(DISGUISES)}{group} {text[at:]}"


def _long(text: str, other: str, random: Random) -> str:
    """Make one word, IRI or string very long."""
    parts = cut(text)
    at = _place(parts, random)
    if parts and len(parts[at]) > 1:
        middle = len(parts[at]) // 2
        filling = random.choice(("x", "é", "%41", "\\u0041", ".", "0", "-", "a:", "/..")) * (
            random.choice((50, 300) if random.random() < 0.95 else (5000, 60_000))
        )
        parts[at] = parts[at][:middle] + filling[:150_000] + parts[at][middle:]
    return "".join(parts)


def _truncate(text: str, other: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] if random.random() < 0.7 else text[at:]


def _operators(text: str, other: str, random: Random) -> str:
    sign = random.choice(
        ("!", "-", "+", "^", "||", "&&", "= 1 =", "+ 1", "| a:p", "/ a:p", " UNION {}", ", 1", ". ?s ?p ?o")
    )
    parts = cut(text)
    at = _place(parts, random)
    return (
        "".join(parts[:at])
        + sign * random.choice((2, 10, 49, 51) if random.random() < 0.8 else (200, 999, 1001))
        + "".join(parts[at:])
    )


def _generated(text: str, other: str, random: Random) -> str:
    return _transplant(text, Generator(random).query(), random)


_WAYS: tuple[Callable[[str, str, Random], str], ...] = (
    *(_delete, _delete, _duplicate, _swap, _insert, _insert, _replace, _replace, _splice, _transplant, _transplant),
    *(_nest, _repeat, _numbers, _character, _bytes, _space, _case, _escape, _service, _long, _truncate, _operators),
    *(_generated, _generated),
)
