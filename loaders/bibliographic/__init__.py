"""Formats of bibliographic services: a module a format, each with ``FORMAT``, ``recognise``, ``read``, ``record``."""
