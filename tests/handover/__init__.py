"""Tests of what is handed to others, over the real release."""
