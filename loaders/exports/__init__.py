"""Export files of registries and bibliographic services: recognised, read as records, turned into statements.

One module a format lies in :mod:`msevidence.loaders.registries` and :mod:`msevidence.loaders.bibliographic`; what they
share is here. ``read`` spells records as the source spells them, ``record`` takes one apart field by field.
"""
