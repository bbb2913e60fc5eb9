"""The addresses that a passage prints, each with what is wrong with it.

RFC 3986 says what an address is; what is looked for here is what typing, copying and layout do to one. A text that is
about addresses is rare among reports on health, so that example.org is taken for a placeholder.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from msevidence.loaders.addresses import find_addresses

_MANGLED = re.compile(
    r"(?<![\w./@-])(?:h+t+p+s?|hpt+ps?|ht+s?p|ttps?) ?(?:[:;,.]? ?[/\\]{1,3}:? ?|: ?(?=www\.))(?=[\w-]+(?:\.[\w-]+)+)",
    re.I,
)
"""How an address begins that was meant to begin with http:// or https://."""
_WWW = re.compile(r"(?<![\w/.@:-])(?P<www>w{2,5}(?:\.{1,2} ?|[,;:]))(?=[\w-]+[.,][\w-]+)[^\s<>]*", re.I)
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_NUMERIC = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]", re.I)
_PLACEHOLDER = re.compile(
    r"(?:.*\.)?(?:example\.(?:com|org|net|no)|localhost|invalid|test|yourdomain\.\w+|domain\.com)|127\.0\.0\.1", re.I
)
_TWO = re.compile(r"[\w.)-](https?:/{0,2})(?=[\w.-]+\.\w)", re.I)
_TAIL = re.compile(
    r" (?!\d{1,4}[/.-]\d{1,2}\b|[A-Z]{2,}(?:/\d+)+\b)(?P<rest>(?:NCT|ISRCTN|PMC|CN-|e)?\d{5,}\w*/?(?=[\s.,;)]|$)"
    r"|10\.\d{4,9}/\S+|/[\w.%-]+/?\S*|[\w%-]+(?:/[\w.%-]+){2,}/?|[\w%-]+(?:/[\w.%-]+)*\.(?:pdf|html?|aspx?|php)\b|[\w%]+(?:[-_=&][\w%]+){2,}/?)"
)
"""What looks like the rest of an address, after a space."""
_CUT = re.compile(r"(?:…|\.{2,}|[-–—])$")
_ANGLE_BREAK = re.compile(r">\s*\n")
_LINK = re.compile(
    r"<ext-link\b[^>]*?xlink:href=\"(?P<href>[^\"]*)\"[^>]*>(?P<words>[^<]*)|\[(?P<text>[^\[\]]+)\]\((?P<to>[^()\s]+)\)"
)
_ADDRESS_LIKE = re.compile(r"(?:https?://|www\.)\S+|10\.\d{4,9}/\S+", re.I)


@dataclass(frozen=True)
class Fault:
    """What is wrong with an address, in plain words; ``slight`` where it may be the layout's alone."""

    english: str
    norwegian: str
    slight: bool = False


@dataclass(frozen=True)
class Printed:
    """An address as printed, and its faults."""

    address: str
    faults: tuple[Fault, ...]


def printed_addresses(text: str, exact: str) -> list[Printed]:
    """Return the addresses in a passage: of its text, of the file as it stands there, and of its links."""
    found: dict[str, list[Fault]] = {}
    for address, faults in (*_in_text(text), *_broken_over_lines(text, exact), *_links(text, exact)):
        mine = found.setdefault(address, [])
        mine += [f for f in faults if f not in mine]
    return [Printed(address, tuple(faults)) for address, faults in found.items()]


def _in_text(text: str) -> Iterator[tuple[str, list[Fault]]]:
    taken = [range(0)]
    for match in _MANGLED.finditer(text):
        begin = match.group().strip()
        if match.group().lower() not in ("http://", "https://"):
            address = match.group() + re.findall(r"^\S*", text[match.end() :])[0].rstrip(".,;)")
            taken.append(range(match.start(), match.start() + len(address)))
            english, norwegian = f"it begins with “{begin}”", f"den begynner med «{begin}»"
            if match.group().lower() in ("http:// ", "https:// "):
                english, norwegian = f"there is a space after “{begin}”", f"det er et mellomrom etter «{begin}»"
            yield address, [Fault(english, norwegian)]
    for one in find_addresses(text):
        if any(one.span.start in place for place in taken):
            continue
        taken.append(range(one.span.start, one.span.end))
        faults = address_faults(one.url)
        tail = _TAIL.match(text, one.span.end)
        if tail and (one.url.endswith(("/", "-", "_", "=", "?", "&")) or tail["rest"].startswith("/")):
            rest = tail["rest"]
            faults.append(
                Fault(f"there is a space in it, before “{rest}”", f"det er et mellomrom i den, foran «{rest}»")
            )
        yield one.url, faults
    for match in _WWW.finditer(text):
        if not any(match.start() in place for place in taken):
            address, begin = match.group().rstrip(".,;)"), match["www"].strip()
            said = [Fault(f"it begins with “{begin}”", f"den begynner med «{begin}»")]
            yield address, said if begin.lower() != "www." else address_faults(f"http://{address}")
    for match in re.finditer(r"https?://(?=\s|$|[)\].,;])", text, re.I):
        if not any(match.start() in place for place in taken):
            yield match.group(), [Fault("nothing follows", "det følger ingenting")]


def address_faults(url: str) -> list[Fault]:
    """Return what is wrong with one address that begins as it should.

    >>> [f.english for f in address_faults("https://clinicaltrials/ct2/show/NCT04047628")]
    ['“clinicaltrials” is not the name of a web site']
    """
    faults: list[Fault] = []
    rest = url.partition("://")[2]
    doubled = re.match(r"(?:https?:?/{0,2})+(?=[\w-]+\.)", rest, re.I)
    if doubled and doubled.group():
        faults.append(Fault("its beginning is doubled", "begynnelsen er doblet"))
        rest = rest[doubled.end() :]
    host = re.split(r"[/?#:]", rest.rsplit("@", 1)[-1] if "@" in rest.split("/")[0] else rest)[0]
    if _PLACEHOLDER.fullmatch(host):
        faults.append(Fault(f"“{host}” is a placeholder", f"«{host}» er en plassholder"))
    elif not host:
        faults.append(Fault("the name of the web site is missing", "navnet på nettstedet mangler"))
    elif not _is_host(host):
        faults.append(Fault(f"“{host}” is not the name of a web site", f"«{host}» er ikke navnet på et nettsted"))
    second = _TWO.search(rest)
    if second:
        faults.append(Fault("two addresses run together", "to adresser går i ett"))
    faults += _end_faults(rest)
    if re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        faults.append(Fault("a sign in it is cut, after “%”", "et tegn i den er kuttet, etter «%»"))
    if re.search(r"[\\{}|^`\"]", rest):
        faults.append(Fault("it holds a sign that no address has", "den har et tegn som ingen adresse har"))
    return faults


def _is_host(host: str) -> bool:
    labels = host.rstrip(".").split(".")
    if _NUMERIC.fullmatch(host):
        return True
    return len(labels) > 1 and all(_LABEL.fullmatch(x) for x in labels) and not labels[-1].isdigit()


def _end_faults(rest: str) -> Iterator[Fault]:
    if cut := _CUT.search(rest):
        yield Fault(f"it is cut: it ends with “{cut.group()}”", f"den er kuttet: den slutter med «{cut.group()}»")
    if any(rest.count(a) != rest.count(b) for a, b in ("()", "[]")):
        yield Fault("its brackets do not pair", "parentesene i den går ikke opp i par")


def _broken_over_lines(text: str, exact: str) -> Iterator[tuple[str, list[Fault]]]:
    """Yield the addresses that the file breaks over lines, as far as they stand in the passage's text."""
    for one in find_addresses(exact):
        breaks = [m for m in one.markup if "\n" in exact[m.start : m.end]]
        if not breaks or one.url not in text:
            continue
        gap = exact[breaks[0].start : breaks[0].end]
        before = re.split(r"[/\s]", exact[: breaks[0].start] + gap.split("\n")[0].strip(" >"))[-1][-14:]
        if any(_ANGLE_BREAK.match(exact[m.start : m.end]) for m in breaks):
            english = f"it ends after “{before}” and goes on in another line"
            norwegian = f"den slutter etter «{before}» og går videre på en annen linje"
            yield one.url, [Fault(english, norwegian)]
        else:
            english = f"it is printed on two lines, the first of which ends with “{before}”"
            norwegian = f"den er trykt over to linjer, og den første slutter med «{before}»"
            yield one.url, [Fault(english, norwegian, slight=True)]


def _links(text: str, exact: str) -> Iterator[tuple[str, list[Fault]]]:
    """Yield the targets of links, and compare them with their words where these are an address too."""
    for match in _LINK.finditer(exact):
        target = unescape(match["href"] or match["to"] or "")
        words = " ".join(unescape(match["words"] or match["text"] or "").split())
        plain = words.rstrip(".,;")
        if "://" not in target or plain not in text:
            continue
        faults = address_faults(target)
        if target.endswith((".", ",", ";")):
            sign = target[-1]
            faults.append(Fault(f"the link ends with “{sign}”", f"lenken slutter med «{sign}»"))
        is_address = _ADDRESS_LIKE.fullmatch(words) is not None
        if is_address and _same_key(words) != _same_key(target):
            faults.append(Fault(f"the link leads to {target}", f"lenken fører til {target}"))
        yield plain if is_address else target, faults


def _same_key(address: str) -> str:
    """Return an address without what two ways to write it differ in."""
    plain = unquote(unescape(address)).strip().rstrip(".,;/").lower()
    plain = re.sub(r"^https?://(?:dx\.)?doi\.org/|^doi:\s*|^https?://|^mailto:", "", plain)
    return plain.removeprefix("www.")
