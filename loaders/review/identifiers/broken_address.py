"""An address is broken, cut or doubled, or its link leads elsewhere than it says."""

from collections.abc import Iterator

from msevidence.loaders.review.identifiers.addresses import Fault, Printed, address_faults, printed_addresses
from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE, OA


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        for passage in document.passages:
            for printed in printed_addresses(passage.text, passage.thing.value(OA.exact) or ""):
                yield _outcome(document, passage, passage.iri, printed)
        # The address under a number stands at the foot of the page, which is no passage.
        for mention in document.of(MSE.NumberMention):
            link, place = mention.value(MSE.link), document.by_iri.get(mention.value(MSE.inPassage) or "")
            if link and place is not None and link not in place.text:
                yield _outcome(document, place, mention.iri, Printed(link, tuple(_under(link))))


def _under(link: str) -> list[Fault]:
    if "://" not in link:
        return [Fault("it has no scheme such as https", "den mangler skjema, som https")]
    return address_faults(link)


def _outcome(document: Document, passage: Passage, focus: str, printed: Printed) -> Outcome:
    if not printed.faults:
        return Outcome(document.iri, False, focus, (passage.iri,))
    slight = all(f.slight for f in printed.faults)
    may, may_nb = ("may", "virker kanskje") if slight else ("does", "virker")
    return Outcome(
        document.iri,
        True,
        focus,
        (passage.iri,),
        f"The address {printed.address} {may} not work as printed: {'; '.join(f.english for f in printed.faults)}.",
        f"Adressen {printed.address} {may_nb} ikke som trykt: {'; '.join(f.norwegian for f in printed.faults)}.",
        (Compared("address", "adresse", printed.address, passage.iri),),
        severity=Severity.NOTE if slight else None,
    )


RULE = Rule(
    "broken-address",
    Severity.WARNING,
    "a web address",
    "en nettadresse",
    _check,
    file="loaders/review/identifiers/broken_address.py",
)
