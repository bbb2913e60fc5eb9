"""Taking records apart: what is popped, noted as empty, ignored and told; wrong types are faults of the record."""

from collections import Counter
from decimal import Decimal

import pytest

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import MORE, Audit, Fields

WRONG = [[], ["a"], {}, {"a": 1}]


def test_texts_are_popped_and_what_is_left_over_is_told():
    audit = Audit()
    fields = Fields({"a": " x ", "b": 1, "c": {"d": "y", "e": 2}, "f": None}, audit)
    assert fields.text("a") == "x"
    assert fields.text("a") is None
    inner = fields.fields("c")
    assert inner.text("d") == "y"
    inner.close("R1")
    fields.ignore("f", "absent")
    fields.close("R1")
    assert audit.unknown == Counter({"c.e": 1, "b": 1})
    assert audit.first == {"c.e": "R1", "b": "R1"}
    assert fields.empty == []


def test_the_record_taken_apart_is_not_changed():
    data = {"a": "x"}
    Fields(data, Audit()).text("a")
    assert data == {"a": "x"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (0, "0"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (True, "true"),
        (False, "false"),
        (" \n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_value_is_its_text_and_an_empty_one_is_noted(value, text):
    fields = Fields({"a": value}, Audit(), "path")
    assert fields.text("a") == text
    assert fields.empty == ([] if text else ["path.a"])


def test_an_absent_field_is_not_an_empty_one():
    fields = Fields({}, Audit())
    assert (fields.text("a"), fields.texts("a"), list(fields.each("a")), fields.pop("a")) == (None, [], [], None)
    assert fields.fields("a").text("b") is None
    assert fields.empty == []


def test_empty_ones_of_inner_objects_are_noted_with_their_path():
    fields = Fields({"a": {"b": ""}, "c": [{"d": None}]}, Audit())
    fields.fields("a").text("b")
    for inner in fields.each("c"):
        inner.text("d")
    assert fields.empty == ["a.b", "c.d"]


@pytest.mark.parametrize("value", WRONG)
def test_a_text_that_is_more_than_a_text(value):
    with pytest.raises(RecordError, match="more than a text") as caught:
        Fields({"a": value}, Audit(), "p").text("a")
    assert caught.value.field == "p.a"


def test_lists_of_texts():
    fields = Fields({"a": ["x", " ", None, 2, " y "], "b": "one", "c": []}, Audit())
    assert (fields.texts("a"), fields.texts("b"), fields.texts("c")) == (["x", "2", "y"], ["one"], [])
    with pytest.raises(RecordError, match="more than texts"):
        Fields({"a": ["x", ["y"]]}, Audit()).texts("a")
    with pytest.raises(RecordError, match="more than texts"):
        Fields({"a": {"x": "y"}}, Audit()).texts("a")


@pytest.mark.parametrize("value", ["x", 1, True, [], ["a"], [[]]])
def test_an_object_that_is_none(value):
    with pytest.raises(RecordError, match="should be an object") as caught:
        Fields({"a": value}, Audit()).fields("a")
    assert caught.value.field == "a"
    with pytest.raises(RecordError, match="should be an object"):
        Fields(value, Audit())


@pytest.mark.parametrize("value", ["x", 1, True, {}, {"a": 1}])
def test_a_list_that_is_none(value):
    with pytest.raises(RecordError, match="should be a list"):
        list(Fields({"a": value}, Audit()).each("a"))


@pytest.mark.parametrize("value", ["x", 1, None, []])
def test_a_list_of_what_are_no_objects(value):
    with pytest.raises(RecordError, match="should be an object"):
        list(Fields({"a": [{}, value]}, Audit()).each("a"))


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "x\udfff", "é\ud83e"])
def test_what_is_no_character_is_a_fault_of_its_field(bad):
    with pytest.raises(RecordError, match="no character") as caught:
        Fields({"a": bad}, Audit()).text("a")
    assert caught.value.field == "a"
    with pytest.raises(RecordError, match="no character"):
        Fields({"a": ["good", bad]}, Audit()).texts("a")


def test_characters_of_all_planes_are_sound():
    text = "a é \u2028 \ufffd \U0001f9ea \U0010ffff"
    assert Fields({"a": text}, Audit()).text("a") == text


def test_the_audit_counts_and_keeps_the_first_place():
    audit = Audit()
    for where in ("R1", "R2", "R2"):
        audit.tell("status=PAUSED", where)
    assert audit.unknown == Counter({"status=PAUSED": 3})
    assert audit.first == {"status=PAUSED": "R1"}


def test_the_audit_does_not_grow_without_end():
    audit = Audit()
    for n in range(5_000):
        audit.tell(f"name{n}", str(n))
    audit.tell("name7")
    assert len(audit.unknown) == len(audit.first) == 1_001
    assert audit.unknown["name7"] == 2
    assert audit.unknown[MORE] == 4_000
    assert audit.first[MORE] == "1000"
    audit = Audit()
    audit.tell("x" * 10_000_000)
    assert [len(name) for name in audit.unknown] == [200]
