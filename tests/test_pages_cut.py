"""What ends at a limit of our own queries is told to whoever reads it, and is no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from msevidence.server import flow_read
from msevidence.server.labels import query
from tests.pages_site import client_of, page


def lowered(name: str) -> str:
    """Return a query that ends after two rows; a limit of less than four digits would be one of examples."""
    start, limit, _ = query(name).rpartition("\nLIMIT ")
    return f"{start}{limit}0002\n"


def test_page_says_that_it_ends_and_no_file_is_made(release_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with client_of(release_home) as client:
        assert "not whole" not in page(client, "/flow").text()
        assert client.get("/flow.csv").status_code == 200
    monkeypatch.setattr(flow_read, "query", lowered)
    with client_of(release_home) as client:
        assert "ends after 2 entries, and there are more" in page(client, "/flow?lang=en").text()
        assert "slutter etter 2 oppføringer" in page(client, "/flow?lang=nb").text()
        for form in ("csv", "json", "ttl", "jsonld"):
            answer = client.get(f"/flow.{form}")
            assert (answer.status_code, "after 2 entries" in answer.text) == (413, True), form
