"""What every module here gives to the page of a resource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server.exhibits import Figure, Table


@dataclass(frozen=True, slots=True)
class Sections:
    """A resource that is shown as any other."""

    template: str = "resource.html"
    tables: Sequence[Table] = ()
    """What ``.csv`` and ``.json`` have beside the statements; the template shows them where it likes."""
    figures: Sequence[Figure] = ()
    """What ``.svg`` has; their tables are handed out too."""
    main: str = ""
    """Key of the table that ``.csv`` gives where the address names none."""
