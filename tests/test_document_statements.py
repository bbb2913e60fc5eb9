"""What the graph says of a document itself: normalised, and beside it as printed."""

import pyoxigraph as ox
import pytest

from msevidence.loaders.metadata_schema import Metadata
from tests.graph import rows

ARTICLE = "https://w3id.org/msevidence/document/nygaard-2024"
PRISM = "PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/> "
DOCO = "PREFIX doco: <http://purl.org/spar/doco/> "


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("received", "2023-11-09", "9.11.2023"),
        ("revised", "2023-11-27", "27.11.2023"),
        ("accepted", "2023-12-05", "5.12.2023"),
        ("published", "2024-02-12", "12. February 2024"),
        ("copied", "2026-07-04", "4 July 2026"),
    ],
)
def test_a_date_stands_beside_its_printed_form(real_store: ox.Store, name: str, value: str, printed: str) -> None:
    query = f"SELECT ?value ?printed {{ ?d mse:{name} ?value ; mse:printed{name.capitalize()} ?printed }}"
    assert rows(real_store, query, d=ARTICLE) == [(value, printed)]


def test_the_doi_stands_beside_its_printed_form(real_store: ox.Store) -> None:
    query = PRISM + "SELECT ?doi ?printed { ?d prism:doi ?doi ; mse:printedDoi ?printed }"
    assert rows(real_store, query, d=ARTICLE) == [("10.4045/tidsskr.23.0770", "10.4045/tidsskr.23.0770")]


def test_a_footnote_is_one_thing(real_store: ox.Store) -> None:
    found = rows(real_store, DOCO + "SELECT ?f { ?f a doco:Footnote }")
    assert found
    assert set(found) == set(rows(real_store, "SELECT ?f { ?f a mse:Footnote }"))


def test_a_licence_is_an_address() -> None:
    known = {"title": "A", "language": "en", "type": "journal-article"}
    assert Metadata.model_validate({**known, "licence": "https://creativecommons.org/licenses/by/4.0/"}).licence
    for words in ("CC BY 4.0", "https://a b", "javascript:alert(1)", "https://a/<b>"):
        with pytest.raises(ValueError, match="licence"):
            Metadata.model_validate({**known, "licence": words})
