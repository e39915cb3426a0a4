"""Addresses in Latin script are found whole."""

import pytest

from classifiers.text.postal import addresses


def found(text: str) -> list[str]:
    """The addresses in a text."""
    return [text[item.start : item.end] for item in addresses(text, [])]


@pytest.mark.parametrize(
    "address",
    [
        "No. 12, Jalan Melati 3, Taman Seri Indah, 43000 Kajang, Selangor",
        "Blk 214 Bishan Street 23 #08-112 Singapore 570214",
        "48 Harcourt Lane, Bristol BS3 4QT",
        "123 Mabini Street, Poblacion, Lucena City 4301",
        "Jl. Danau Toba No. 17, Kel. Sanur, Denpasar Selatan, Bali 80228",
        "Rua das Palmeiras, 210, apto 52, Campinas - SP, 13010-100",
        "P.O. Box 1234, Uhuru Street, Moshi",
    ],
)
@pytest.mark.parametrize("carrier", ["Ship to {}", "please deliver to {} tomorrow", "({})"])
def test_addresses_are_found_whole(address: str, carrier: str) -> None:
    """From house to town, and not a word more."""
    assert found(carrier.format(address)) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "The street was closed on 12 March.",
        "No. 1 hit of the year",
        "Unit 5 of the course is hard",
        "We waited 20 minutes on the road",
        "Order 4521 of 3 items was shipped",
        "so 8 cua toi",
    ],
)
def test_numbers_and_streets_alone_are_none(text: str) -> None:
    """A number without a street, a street without a number."""
    assert found(text) == []


def test_the_search_is_linear() -> None:
    """Nothing that could begin an address makes a long text slow to read."""
    assert found("1 " * 100_000) == []
