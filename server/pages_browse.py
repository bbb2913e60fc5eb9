"""The page ``/browse``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("browse", __name__)
