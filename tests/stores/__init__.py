"""Tests of stores elsewhere, against servers that run for real."""
