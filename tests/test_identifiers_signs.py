"""Numbers are searched for only where a sign of their scheme stands: nothing is lost by that."""

import random

from msevidence.ontology import identifiers
from msevidence.ontology.identifiers import SCHEMES, find_numbers

NUMBERS = """NCT01234567|nct 01234567|2010-023560-40|EUCTR2010-023560-40-SE|2022-500244-37-00|ISRCTN12345679
IRCT20150101N1|ACTRN12612000000123|ChiCTR-ONC-123|chictr2000012|CTRI/2012/03/1234|DRKS00000123|jRCTs031180001
JPRN-UMIN000000123|umin000000123|C000000123|JapicCTI-123456|JMA-IIA00001|KCT0001234|LBCTR2020012345|NTR1|NL1234
NL-OMON12345|PACTR201501000000001|PER-001-10|per-001-10|RBR-4gmg94|RPCEC00000123|SLCTR/2010/001|TCTR20150101001
ITMCTR2020000001|2010–023560–40""".replace("\n", "|").split("|")
WORDS = ["controlled", "RCT", "function", " and ", "(", ")", "; ", "-", "–", "/", "12345", "x", "NCT1", " "]


def test_every_number_is_found_beside_any_other_text() -> None:
    rng = random.Random(20260601)
    found = 0
    for _ in range(3000):
        text = rng.choice(["", " "]).join(rng.choices(NUMBERS + WORDS, k=rng.randint(1, 5)))
        folded = identifiers.fold(text)
        searched = {
            (name, match.span())
            for name, pattern in identifiers._FIND.items()
            for match in pattern.finditer(folded)
            if not identifiers._placeholder(SCHEMES[name].build(match))
        }
        assert {(n.scheme, (n.begin, n.end)) for n in find_numbers(text)} == searched, text
        found += len(searched)
    assert found > 1500
    assert {n.scheme for number in NUMBERS for n in find_numbers(number)} == set(SCHEMES)
