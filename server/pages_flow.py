"""The page ``/flow``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("flow", __name__)
