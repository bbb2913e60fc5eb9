"""The README of the data names every key that a curator may write."""

import re
import shutil
from pathlib import Path

import pytest
from pydantic import BaseModel

from msevidence.loaders import catalogue_schema, metadata_schema, schema
from msevidence.loaders.build import validate
from msevidence.loaders.identity import file as identity_file
from msevidence.loaders.review import judged_schema
from tests.graph import DATA

README = (DATA / "README.md").read_text(encoding="utf-8")


def models(module: object) -> list[type[BaseModel]]:
    """Return the models that a module defines."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == vars(module)["__name__"]
    ]


def missing(module: object, text: str) -> list[str]:
    names = [f"{model.__name__}.{field}" for model in models(module) for field in model.model_fields]
    assert len(names) > 5
    return [name for name in names if not re.search(rf"(?<![\w-]){name.split('.')[1]}(?!\w)", text)]


@pytest.mark.parametrize("module", [schema, metadata_schema])
def test_the_readme_names_every_key_of_a_document(module: object) -> None:
    assert missing(module, README) == []


@pytest.mark.parametrize("module", [catalogue_schema, identity_file, judged_schema])
def test_the_heads_of_the_catalogues_name_every_key(module: object) -> None:
    files = sorted(DATA.glob("*.yaml"))
    assert len(files) == 7
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    heads = "\n".join(line for line in lines if line.startswith("#") or re.match(r"[a-z_]+:|  sha256:", line))
    assert missing(module, heads) == []


def test_the_sample_of_a_decision_builds_as_it_stands(tmp_path: Path) -> None:
    (sample,) = re.findall(r"## identity\.yaml\n.*?```yaml\n(.*?)```", README, re.DOTALL)
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    (data / "identity.yaml").write_text(sample, encoding="utf-8")
    graph, outcome = validate(data)
    assert outcome.conforms, outcome.summary()
    (because,) = re.findall(r'because: "(.*?)"', sample)
    stated = [graph.graph for graph in graph.graphs for *_, text in graph.texts() if text == because]
    assert [str(iri).rpartition("/")[2] for iri in stated] == ["identity"]
