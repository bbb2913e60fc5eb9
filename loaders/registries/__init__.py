"""Formats of trial registries: one module a format, each with ``FORMAT``, ``recognise``, ``read`` and ``record``."""
