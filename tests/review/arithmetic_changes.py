"""Texts changed for the tests of arithmetic: with errors planted, and with the errors of the originals mended."""

from tests.review.reviewing import Reviewed, reviewed

_PLANTED = {
    "nygaard-2024": [
        ("(n = 55), conventional therapy (n = 55)", "(n = 55), conventional therapy (n = 50)"),
        ("around 200 in Russia", "around 300 in Russia"),
        ("lymphopenia with fever (30 %)", "lymphopenia with fever in 9 of 30 patients (40 %)"),
    ],
    "fhi-2021": [
        (
            "110 personer ble tilfeldig fordelt til enten",
            "110 personer ble tilfeldig fordelt, 55 til HSCT og 50 til DMT, til enten",
        ),
        ("Fire av studiene har publisert", "Fem av studiene har publisert"),
        ("Tre studier er pågående.", "Fire studier er pågående."),
        ("Seven studies are \ncompleted", "Eight studies are \ncompleted"),
    ],
}
_MENDED = {
    "nygaard-2024": [
        ("mitoxantrone (n = 21)", "mitoxantrone (n = 12)"),
        ("3915 patients with", "4915 patients with"),
        ("around 200 in Russia, 150 in Mexico", "around 210 in Russia, 140 in Mexico"),
        ("lymphopenia with fever (30 %)", "lymphopenia with fever in 9 of 30 patients (30 %)"),
    ],
    "fhi-2021": [
        (
            "110 personer ble tilfeldig fordelt til enten",
            "110 personer ble tilfeldig fordelt, 50 til HSCT og 60 til DMT, til enten",
        ),
    ],
}


def clean() -> Reviewed:
    """Return the review of the documents as they are."""
    return reviewed()


def planted() -> Reviewed:
    """Return the review of the documents with errors."""
    return reviewed(_PLANTED)


def mended() -> Reviewed:
    """Return the review of the documents without the errors that they have."""
    return reviewed(_MENDED)
