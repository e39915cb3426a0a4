"""Companies called like persons, and persons beside them."""

import pytest

from classifiers.text.firms import is_firm


def judged(text: str, name: str) -> bool:
    start = text.index(name)
    return is_firm(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("an order from Ryan PLC", "Ryan PLC"),
        ("an order from Ryan, Inc.", "Ryan"),
        ("Madsen ApS hired her", "Madsen"),
        ("Name: Mikkelsen & Rasmussen A/S", "Mikkelsen & Rasmussen A"),
        ("Larsen & Nielsen A/S called", "Larsen"),
        ("a van of Perez and Sons", "Perez"),
        ("Company: Traore  City: Oslo", "Traore"),
        ("Employer : Borah, Kalla and Biswas", "Kalla"),
        ("Hicks, Bautista and Nelson is on strike", "Bautista"),
        ("the Hoekstra & van Velzen shop", "Hoekstra"),
        ("a teacher at Henry-Jackson", "Henry-Jackson"),
        ("She works for Reyes-Hawkins.", "Reyes-Hawkins"),
    ],
)
def test_companies(text: str, name: str) -> None:
    """By their form, by a label, by names joined where companies are named."""
    assert judged(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a letter from Ryan Pl", "Ryan Pl"),
        ("Kevin Dickson, Anthony Inc", "Kevin Dickson"),
        ("Name: Ama Traore  Company: Kalla", "Ama Traore"),
        ("Hicks, Bautista and Nelson were late", "Bautista"),
        ("Ms Reyes-Hawkins called", "Reyes-Hawkins"),
        ("She works for Carla Reyes-Hawkins", "Carla Reyes-Hawkins"),
        ("the office of Kevin Dickson", "Kevin Dickson"),
        ("Anna and Tom is a film", "Anna"),
    ],
)
def test_persons(text: str, name: str) -> None:
    """Who stands beside a company, or is named with others."""
    assert not judged(text, name)
