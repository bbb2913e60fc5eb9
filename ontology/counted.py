"""What is counted in public, and by which class: the one definition of the figures of the home page and the build.

A thing counts where the graph states this class of it, and not where a superclass could be inferred.
"""

from collections.abc import Mapping

from rdflib import URIRef

from msevidence.ontology.namespaces import BIRO, C4O, MSE

COUNTED: Mapping[str, URIRef] = {
    "documents": MSE.Document,
    "passages": MSE.Passage,
    "claims": MSE.Claim,
    "pointers": C4O.InTextReferencePointer,
    "inherited-pointers": MSE.InheritedPointer,
    "references": BIRO.BibliographicReference,
    "publications": MSE.Publication,
    "studies": MSE.Study,
    "registrations": MSE.Registration,
    "results": MSE.Result,
    "identity-decisions": MSE.IdentityDecision,
    "findings": MSE.Finding,
}
"""Kind → class, in the order of the path from a document to what it rests on.

Publications include the documents. Pointers are printed numbers; an inherited one is a table cell's, from the head of
its column. References include numbers without an entry, and the entries of a study's row or of an appendix.
"""
