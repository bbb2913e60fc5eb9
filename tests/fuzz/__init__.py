"""Mutated queries and files, from fixed seeds: ``python -m tests.fuzz queries``, ``python -m tests.fuzz files``.

Case *n* of seed *s* is the same everywhere and at any time, so that a case that failed can be asked for again alone.
"""
