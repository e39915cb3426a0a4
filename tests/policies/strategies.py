"""Random questions, drawn from the words the policy knows and some it does not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET

from classifiers.model import Level, Verdict
from policies.bundle import load
from policies.model import (
    AllowanceBands,
    Band,
    Bands,
    Basis,
    Consent,
    Exporter,
    Field,
    Mechanism,
    PolicyInput,
    Recipient,
)

LAW: dict[str, Any] = dict(load().data["silkgate"])
CATEGORIES = [*LAW["categories"], "acme_unknown"]
ENTITIES = ["", "PERSON", "LOCATION", "DATE_OF_BIRTH", "EMAIL_ADDRESS", "GENDER"]
COUNTRIES = ["SG", "KE", "HK", "MO", "JP", "RU", "US", "EG", "CL", "DE", "ZZ"]
DATES = ["2021-12-31", "2026-01-01", "2026-11-22", "2026-12-01", "2029-03-01"]
EDGES = [0, 1, 2, 9_999, 10_000, 99_999, 100_000, 100_001, 999_999, 1_000_000, 5_000_000]
EXEMPTIONS = [None, *(f"cn.order16.art{n}" for n in ("4", "5.1.1", "5.1.2", "5.1.3", "6")), "x"]
GROUNDS = ["contract", "consent", "hr", "emergency", "statutory_duty", ""]
KINDS = ["security_assessment", "standard_contract", "certification", "gba_contract"]


@st.composite
def bands(draw: st.DrawFn) -> Band:
    at_least = draw(st.sampled_from(EDGES))
    above = [edge for edge in EDGES if edge > at_least]
    return Band(at_least, draw(st.sampled_from([*above, None])))


allowed = st.builds(AllowanceBands, persons=bands(), records=bands(), bytes=bands())
names = st.sampled_from(["sandbox.try", "pilot.p", "shadow.trial"])
within = st.just(UNSET) | st.dictionaries(names, allowed, max_size=2)

fields = st.builds(
    Field,
    pointer=st.sampled_from(["/a", "/b", "/a b", "/c/*/d", "/电话", "query:q", ""]),
    category=st.sampled_from(CATEGORIES),
    level=st.sampled_from(list(Level)),
    verdict=st.sampled_from(list(Verdict)),
    declared=st.booleans(),
    entity=st.sampled_from(ENTITIES),
)
questions = st.builds(
    PolicyInput,
    at=st.sampled_from(DATES),
    exporter=st.builds(
        Exporter,
        id=st.just("acme-cn"),
        ciio=st.booleans(),
        zone=st.sampled_from(["", "shanghai", "gba-shenzhen"]),
        sector=st.just("e-commerce"),
        pilots=st.sampled_from([[], ["p"]]),
    ),
    route=st.just("r"),
    origin=st.sampled_from(["CN", "CN", "CN", "HK", "US", "EG"]),
    collected_in=st.sampled_from(["CN", "CN", "SG", "US"]),
    destination=st.sampled_from(COUNTRIES),
    recipient=st.just(Recipient(name="Partner")),
    purpose=st.sampled_from([*LAW["profiles"], "fun"]),
    basis=st.builds(
        Basis,
        ground=st.sampled_from(GROUNDS),
        exemption=st.sampled_from(EXEMPTIONS),
        consent=st.sampled_from([None, Consent("c", "n")]),
        mechanism=st.none()
        | st.builds(
            Mechanism,
            kind=st.sampled_from(KINDS),
            ref=st.just("m"),
            valid_until=st.sampled_from(DATES),
        ),
    ),
    fields=st.lists(fields, max_size=8, unique=True).map(sorted),
    bands=st.none() | st.builds(Bands, general=bands(), sensitive=bands(), within=within),
    mode=st.sampled_from([UNSET, UNSET, UNSET, "shadow"]),
)
