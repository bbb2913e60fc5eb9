"""The page ``/graphs``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("graphs", __name__)
