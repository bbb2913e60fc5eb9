"""Everything at once, for a minute or an hour: ``python -m tests.soak`` (``make soak`` takes the hour)."""
