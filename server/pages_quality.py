"""The page ``/quality``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("quality", __name__)
