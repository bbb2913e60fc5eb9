"""Control characters in exports: the record loads, without them, the report says so, and RDF/XML can be written."""

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.exports.fields import CONTROL, Audit, fitting
from tests.exports.converting import converted
from tests.exports.test_hostile import FILES, content


def spoilt(tmp_path: Path, key: str, spelled: bytes) -> bytes:
    """Return the fixture of a format with characters put before a word of its titles."""
    data = content(key)
    facts = converted(tmp_path, data).facts
    titles = [t for f in facts for t in ([f.title] if isinstance(f, PublicationFact) else [x[1] for x in f.titles])]
    word = max((w for t in titles for w in (t or "").split() if w.isalpha() and w.encode() in data), key=len)
    return data.replace(word.encode(), spelled + word.encode())


@pytest.mark.parametrize("key", [key for key in FILES if not key.endswith("-xml")])
@pytest.mark.parametrize("code", [1, 8, 0x1B])
def test_a_control_character_is_replaced_and_told(key: str, code: int, tmp_path: Path) -> None:
    spelled = f"\\u{code:04x}".encode() if key.endswith("-json") else bytes([code])
    whole = converted(tmp_path / "whole", content(key))
    found = converted(tmp_path / "spoilt", spoilt(tmp_path / "facts", key, spelled), shapes=True)
    assert found.report.loaded == whole.report.loaded
    assert [q.reason for q in found.report.quarantined] == [q.reason for q in whole.report.quarantined]
    assert any(CONTROL in name for name in found.report.unknown), found.report.unknown
    assert "\ufffd" in found.statements
    quads = [q.triple for q in ox.parse(io.BytesIO(found.statements.encode()), format=ox.RdfFormat.N_QUADS)]
    assert b"\xef\xbf\xbd" in (ox.serialize(quads, format=ox.RdfFormat.RDF_XML) or b"")


def test_what_xml_can_hold_is_left_as_it_is() -> None:
    audit = Audit()
    for text in ("", "a\tb\nc\rd", "\x7f\x85\xa0", "æøå \U0001f9ec", "\u2028\u200b\ufffd"):
        assert fitting(text, audit, "field") == text
    assert not audit.unknown
    assert fitting("a\x0bb\x1fc\x02\ufffe", audit, "field") == "a b c\ufffd\ufffd"
    assert audit.unknown == {f"field: {CONTROL}": 1}
