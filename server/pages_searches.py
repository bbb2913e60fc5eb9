"""The page ``/searches``."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("searches", __name__)
