"""Sentences, in several languages."""

from itertools import pairwise

import pytest

from msevidence.loaders.sentences import split_sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[a:b] for a, b in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Burt et al. showed it (Fig. 2).", "The trial, No. 5, ran e.g. in the U.S. and elsewhere."]),
        ("en", ["HSCT vs. DMT was tried.", "One Vs. The other too."]),
        ("en", ["It fell from 1.3 % to 0.2 % (5).", "It rose."]),
        ("en", ["It was safe. (8)", "The next one was not. [3, 4]", "So it is."]),
        ("en", ["It was safe.[3]", "The next."]),
        ("en", ["It was safe.[3][4]", "The next."]),
        ("en", ["Was it safe?", "Yes!", "It was."]),
        ("en", ["Median 2 years, max. 5 years."]),
        ("en", ["It began in 2017.", "In the trial it ended."]),
        ("en", ["J. Smith wrote it.", "So did A. B. Jones."]),
        ("en", ["It was hepatitis B.", "The rest was not."]),
        ("en", ["The answer is no.", "The rest, no. 5, is."]),
        ("en", ["mRNA rose.", "mRNA fell.", "pH fell."]),
        ("en", ["He said “it is so.”", "She did not."]),
        ("en", ["(It was so.)", "Next."]),
        ("en", ["They were (relapses. Or not) fine."]),
        ("en", ["Downloaded from tidsskriftet.no 4 July 2026."]),
        ("en", ["No stop at the end"]),
        ("nb", ["Dette gjelder f.o.m. 2014, bl.a. MS.", "Den 31. mai 2021 kom det. (8)", "Se s. 165."]),
        ("nb", ["Sykdommen heter MS.", "Alle fikk det osv.", "Deretter kom resten."]),
        ("nb", ["Dette er attakkpreget MS.", "110 personer ble med, jf. s. 5, nr. 3 og P. 7."]),
        ("en", ["They had RRMS.", "12 had HSCT.", "3 had MAX.", "7 had Max. 2 relapses, ms. 4."]),
        ("nb", ['et vitenskapelig studium." (7).', "I 2018 initierte sykehuset det."]),
        ("nb", ["and safety.” (14, s. 165).", "Noen av svakhetene er kjent."]),
        ("nb", ["«MS er en sykdom (hjerne og ryggmarg).", "Ved MS blokkeres signalene.» (2)", "MS kan gi svikt."]),
        ("sv", ["Tidigare prov, t.ex. av Dr. Testsson et al., var små.", "Vem vet?"]),
        ("de", ["Am 31. Mai 2021 war z.B. Hr. X da.", "Im 20. Jahrhundert nicht.", "»Ja.«", "Vgl. Abb. 3 und S. 12."]),
    ],
)
def test_sentences(language: str, sentences: list[str]) -> None:
    assert split(" ".join(sentences), language) == sentences


def test_nothing_is_lost_whatever_the_language() -> None:
    text = "One (a. b) no. 5 et al. (8) Two?! «Three.» [3] 4. mai f.eks. No"
    for language in ("en", "nb", "nn", "sv", "da", "de", "fr", "es", "it", "nl", "fi", "pt", "xx"):
        spans = split_sentences(text, language)
        assert spans[0][0] == 0 and spans[-1][1] == len(text)
        for (_, end), (begin, _) in pairwise(spans):
            assert text[end:begin] == " "


def test_an_empty_text_has_no_sentence() -> None:
    assert split_sentences("") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sie wirkt, z. B. auf die Schubrate, u. a. Muster et al. [9].", "de"),
        ("The St. Louis group disagreed.", "en"),
        ("Det gjelder bl. a. Oslo og d. v. s. byen.", "nb"),
    ],
)
def test_abbreviations_printed_with_spaces(text: str, language: str) -> None:
    assert split_sentences(text, language) == [(0, len(text))]
