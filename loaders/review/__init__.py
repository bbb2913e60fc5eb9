"""The review: what does not add up in a document, found by rules that know nothing of any one document.

A rule looks at things of one kind, says of each whether it adds up, and thereby how many things it looked at. What it
found is a node in the graph ``review``; nothing that a document says is ever changed.
"""
