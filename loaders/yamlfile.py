"""Reading the YAML that librarians correct: every error names the file, the line, the field and the mend.

YAML 1.2 (ruamel.yaml): ``no`` and ``nb`` are strings, duplicate keys are errors. The structure is checked by pydantic
models that refuse unknown keys; a model's complaint is traced back to the line that it is about.
"""

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from msevidence.loaders.errors import CurationError
from msevidence.loaders.yaml_depth import positioned_reader

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")


class _DatesAsWritten(RoundTripConstructor):
    """Leaves dates as they are written, so that 2021-02-30 is refused by its field and not by the YAML reader."""


_DatesAsWritten.add_constructor("tag:yaml.org,2002:timestamp", _DatesAsWritten.construct_yaml_str)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file, with positions; an empty file is an empty mapping.

    Raises CurationError for bytes that are not UTF-8, a byte-order mark, bad syntax or a duplicate key.
    """
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise CurationError(f"cannot be read ({e.strerror}); check that the file is there", path) from e
    if raw.startswith(b"\xef\xbb\xbf"):
        raise CurationError("starts with a byte-order mark; save the file as UTF-8 without BOM", path, 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        line = raw[: e.start].count(b"\n") + 1
        raise CurationError(f"byte {raw[e.start]:#04x} is not UTF-8; save the file as UTF-8", path, line) from e
    try:
        data = _loaded(text)
    except DuplicateKeyError as e:
        at = e.problem_mark.line + 1 if e.problem_mark else None
        what = str(e.problem).split(" with value")[0].removeprefix("found ")
        raise CurationError(f"{what}; keep one of the two entries", path, at) from e
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        at = mark.line + 1 if mark else None
        raise CurationError(f"is not YAML: {e.problem or e.context}", path, at) from e
    except RecursionError as e:
        raise CurationError("is not YAML that a person wrote: values are nested too deeply", path) from e
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, OverflowError) as e:  # whatever it meets
        raise CurationError(f"is not YAML: {e}", path) from e
    return {} if data is None else data


@lru_cache(maxsize=16)
def _loaded(text: str) -> Any:
    """Return the content of a YAML text, which nobody changes; equal texts are read once, as that takes long."""
    yaml = positioned_reader()
    yaml.Constructor = _DatesAsWritten
    return yaml.load(text)


def line_of(data: Any, location: tuple[int | str, ...]) -> int | None:
    """Return the line (from 1) of the field at ``location``, or of its nearest parent that has one."""
    line: int | None = None
    for step in location:
        if not isinstance(data, CommentedBase):
            break
        try:
            position = data.lc.item(step) if isinstance(data, list) else data.lc.key(step)
            line = int(position[0]) + 1
            data = data[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def plain(value: Any) -> Any:
    """Return ``value`` as built-in types, without the positions."""
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        raise ValueError("unquoted decimal")
    return str(value)


def parse(path: Path, model: type[Model]) -> tuple[Model, Any]:
    """Read ``path`` as ``model``; returns the model and the positioned data (see :func:`line_of`).

    Raises CurationError at the first wrong field, naming the line and what is allowed there.
    """
    data = read_yaml(path)
    return check(path, data, TypeAdapter(model)), data


def check(path: Path, data: Any, adapter: TypeAdapter[Value]) -> Value:
    """Validate positioned YAML data against a type, raising CurationError with the line of the first fault."""
    try:
        return adapter.validate_python(_plain_at(path, data, data))
    except ValidationError as e:
        faults = e.errors(include_url=False, include_context=False)
        # a key that is misspelt is also one that is missing: where it stands says more than that it does not
        fault = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
        location = tuple(fault["loc"])
        known = [step for step in location if isinstance(step, int | str)]
        field = ".".join(str(step) for step in known) or None
        message = fault["msg"][:1].lower() + fault["msg"][1:]
        if fault["type"] == "extra_forbidden":
            near = get_close_matches(str(location[-1]), _keys(adapter.json_schema()), 1)
            meant = f"write {near[0]}" if near else "correct its spelling"
            message = f"unknown key: {location[-1]} is no key here; {meant}, or remove it (data/README.md has the keys)"
        elif fault["type"] == "missing":
            message = "this key is required; add it"
        elif isinstance(fault.get("input"), str | int):
            message += f"; it says {fault['input']!r}"
        raise CurationError(message, path, line_of(data, tuple(known)), field) from e


def _keys(schema: Any) -> list[str]:
    """Return the names of all keys that a schema has somewhere."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = schema.get("properties") if isinstance(schema, dict) else None
    found = set(own) if isinstance(own, dict) else set()
    return sorted(found.union(*(_keys(one) for one in inner)))


def _plain_at(path: Path, root: Any, data: Any, location: tuple[int | str, ...] = ()) -> Any:
    """:func:`plain`, telling where an unquoted decimal stands (YAML would drop the zero of 10.0)."""
    if isinstance(data, dict):
        return {plain(k): _plain_at(path, root, v, (*location, k)) for k, v in data.items()}
    if isinstance(data, list):
        return [_plain_at(path, root, v, (*location, i)) for i, v in enumerate(data)]
    try:
        return plain(data)
    except ValueError as e:
        field = ".".join(map(str, location))
        raise CurationError(
            'decimals are written in quotation marks ("10.0"), so that they stay as printed',
            path,
            line_of(root, location),
            field,
        ) from e
