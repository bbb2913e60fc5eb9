"""The page ``/map``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("map", __name__)
