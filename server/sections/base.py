"""What every module here gives to the page of a resource."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sections:
    """A resource that is shown as any other."""

    template: str = "resource.html"
