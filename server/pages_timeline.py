"""The page ``/timeline``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("timeline", __name__)
