"""SPARQL stores elsewhere: writing a release into one, taking a graph from one, asking one."""
