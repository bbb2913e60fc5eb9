"""The page ``/vocabulary``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("vocabulary", __name__)
