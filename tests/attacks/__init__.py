"""Attacks on the running server and what honest clients get meanwhile: queries, federation, HTTP, the kernel's wall.

Everything speaks to ``msevidence serve`` as a stranger would, over HTTP; ``wall`` alone starts a worker by hand.
"""
