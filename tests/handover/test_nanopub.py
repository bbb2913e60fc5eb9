"""Nanopublications: the four graphs, trusty URIs and signatures, checked by the nanopub package and by its examples."""

import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import ConjunctiveGraph

from msevidence.server.exports.handover import ExportError, Handover, Options
from msevidence.server.exports.nanopub import write
from msevidence.server.local_lane import LocalLane
from msevidence.server.trusty import code, statement
from tests.pages_site import client_of

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
EVERY = 40
"""Of the files that the slow checker reads: it is all Python."""
ORCID = "https://orcid.org/0000-0002-1825-0097"


@pytest.fixture(autouse=True)
def _literals_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash is of what stands there: rdflib would read ``…Z`` as ``…+00:00``."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture(scope="module", autouse=True)
def _nanopub() -> Iterator[None]:
    """Import the checker here: it turns a switch of rdflib's for the whole process, which is turned back."""
    before = rdflib.NORMALIZE_LITERALS
    import_module("nanopub")
    yield
    rdflib.NORMALIZE_LITERALS = before


def _read(content: bytes) -> Any:
    graph = ConjunctiveGraph()
    graph.parse(data=content.decode(), format="trig")
    nanopub = import_module("nanopub")
    return nanopub.Nanopub(rdf=graph, conf=nanopub.NanopubConf())


def _key(folder: Path, *how: str) -> Path:
    path = folder / "key.pem"
    subprocess.run(["openssl", *(how or ("genrsa", "-out", str(path), "2048"))], check=True, capture_output=True)
    return path


def test_every_claim_is_one(handover: Callable[..., Handover], lane: LocalLane) -> None:
    """One file each; the text of each assertion is the claim's, and all are valid to a checker that is not ours."""
    files = write(handover())
    trigs = {name: content for name, content in files.items() if name.endswith(".trig")}
    assert len(trigs) == 288 and set(files) - set(trigs) == {"README.txt"}
    asked = "SELECT ?c ?t { ?c <https://w3id.org/msevidence/ontology#claimText> ?t }"
    texts = {row["c"].value.rpartition("/")[2]: row["t"].value for row in lane.select(asked)}  # type: ignore[union-attr]
    for name, content in trigs.items():
        quads = list(ox.parse(content, ox.RdfFormat.TRIG))
        said = [q.object.value for q in quads if q.predicate.value.endswith("#claimText")]  # type: ignore[union-attr]
        assert said == [texts[name.removesuffix(".trig")]]
    for name in sorted(trigs)[::EVERY]:
        read = _read(trigs[name])
        assert read.is_valid and read.has_valid_trusty, name


def test_no_passage_of_a_document_without_licence_is_in_one(handover: Callable[..., Handover]) -> None:
    """Where the claim stands is told by offsets."""
    together = b"".join(write(handover(documents=["nygaard-2024"])).values())
    assert b"oa:exact" not in together and b"mse:text " not in together and b"oa:start" in together


def test_a_change_is_seen(handover: Callable[..., Handover]) -> None:
    """The hash is of the content: another word, another hash."""
    content = next(c for n, c in sorted(write(handover(studies=["mist"])).items()) if n.endswith(".trig"))
    forged = content.replace(b'mse:claimText "', b'mse:claimText "Not: ')
    assert forged != content
    assert _read(content).has_valid_trusty
    with pytest.raises(ValueError, match="not valid"):
        assert _read(forged).has_valid_trusty


def test_one_is_signed_with_the_key_that_is_given(handover: Callable[..., Handover], tmp_path: Path) -> None:
    """Signature and hash hold, and who signed is told; the same key gives the same bytes."""
    asked = handover(studies=["mist"], options=Options(key=_key(tmp_path), signer=ORCID))
    files = write(asked)
    assert files == write(asked)
    content = next(c for n, c in sorted(files.items()) if n.endswith(".trig"))
    read = _read(content)
    assert read.is_valid and read.has_valid_trusty and read.has_valid_signature
    assert f"<{ORCID}>".encode() in content
    public = subprocess.run(
        ["openssl", "rsa", "-in", str(tmp_path / "key.pem"), "-pubout"], check=True, capture_output=True, text=True
    ).stdout
    assert str(read.signed_with_public_key) == "".join(public.splitlines()[1:-1])


def test_a_key_that_can_not_sign_is_refused(
    handover: Callable[..., Handover], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how to make one, and without a secret in the message."""
    asked = {"studies": ["mist"]}
    (tmp_path / "no.pem").write_text("secret words")
    with pytest.raises(ExportError, match="openssl genrsa") as told:
        write(handover(**asked, options=Options(key=tmp_path / "no.pem")))
    assert "secret" not in str(told.value)
    short = _key(tmp_path, "genrsa", "-out", str(tmp_path / "key.pem"), "1024")
    with pytest.raises(ExportError, match="1024 bits are too few"):
        write(handover(**asked, options=Options(key=short)))
    curve = _key(tmp_path, "ecparam", "-genkey", "-name", "prime256v1", "-out", str(tmp_path / "key.pem"), "-noout")
    with pytest.raises(ExportError, match="signed with RSA"):
        write(handover(**asked, options=Options(key=curve)))
    locked = _key(tmp_path, "genrsa", "-aes256", "-passout", "pass:canary", "-out", str(tmp_path / "key.pem"), "2048")
    with pytest.raises(ExportError, match="MSEVIDENCE_SIGN_PASSWORD"):
        write(handover(**asked, options=Options(key=locked)))
    monkeypatch.setenv("MSEVIDENCE_SIGN_PASSWORD", "canary")
    assert write(handover(**asked, options=Options(key=locked)))
    with pytest.raises(ExportError, match="--sign-key"):
        write(handover(**asked, options=Options(signer=ORCID)))


@pytest.mark.shared
def test_the_hash_of_a_published_nanopublication_is_found_again(shared_dir: Path) -> None:
    """One that others made and signed: the code in its IRI is that of its content."""
    (file,) = (shared_dir / "samples/nanopub_trig").glob("valid_signed_*.trig")
    quads = list(ox.parse(file.read_bytes(), ox.RdfFormat.TRIG))
    head = next(q for q in quads if q.predicate.value.endswith("#hasAssertion")).subject
    assert isinstance(head, ox.NamedNode)
    space, _, artefact = head.value.rpartition("/")
    read = [statement(q) for q in quads]
    blanked = [tuple(t.replace(artefact, " ") if isinstance(t, str) else t for t in one) for one in read]
    assert code(blanked) == artefact, space  # type: ignore[arg-type]


@pytest.mark.shared
def test_the_checker_tells_good_from_bad(shared_dir: Path) -> None:
    """The examples of the test suite: what it finds in ours would be found."""
    files = sorted((shared_dir / "samples/nanopub_trig").iterdir())
    assert len(files) == 5
    for file in files:
        graph = ConjunctiveGraph()
        graph.parse(file)
        nanopub = import_module("nanopub")
        if file.name.startswith("valid"):
            assert nanopub.Nanopub(rdf=graph, conf=nanopub.NanopubConf()).is_valid
        else:
            with pytest.raises(ValueError):
                assert nanopub.Nanopub(rdf=graph, conf=nanopub.NanopubConf()).is_valid


def test_its_address_answers(release_home: Path, handover: Callable[..., Handover]) -> None:
    """With the same bytes, or with a page; one that this release does not make is not found."""
    files = write(handover(studies=["mist"]))
    name, content = next((n, c) for n, c in sorted(files.items()) if n.endswith(".trig"))
    address = "/np/" + content.decode().partition("/np/")[2].partition("#")[0]
    with client_of(release_home) as client:
        answer = client.get(address, headers={"Accept": "application/trig"})
        assert (answer.status_code, answer.data) == (200, content)
        led = client.get(address, headers={"Accept": "text/html"})
        assert (led.status_code, led.headers["Location"]) == (
            303,
            f"../../claim/{name.removesuffix('.trig')}.html#nanopublication",
        )
        other = client.get(address[:-1] + ("A" if address[-1] != "A" else "B"))
        assert other.status_code == 404 and address.rpartition("/")[2] in other.get_json()["detail"]
        assert client.get("/np/none/RAx").status_code == 404
