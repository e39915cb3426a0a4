"""VAT numbers of the EU with their country prefix; each country's own check.

>>> verify("DE136695976")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("ATU13585627")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("BE0428759497")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("DE136695977")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.eu import vat as union
from stdnum.gb import vat as british

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    return checked(british.is_valid(number[2:]) if number[:2] == "GB" else union.is_valid(number))


DETECTOR: Final = Detector(
    name="eu.vat",
    category="biz_trade_doc",
    entity="EU_VAT",
    patterns=(
        Pattern(
            "prefixed",
            word(
                "(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)"
                "[ -]?[0-9A-Z][0-9A-Z .-]{6,13}[0-9A-Z]"
            ),
            0.2,
        ),
    ),
    verify=verify,
    context=(
        "vat",
        "vat number",
        "vat no",
        "vat id",
        "vat reg",
        "vat registration",
        "uid-nummer",
        "uid",
        "umsatzsteuer",
        "ust-idnr",
        "ust-id",
        "ust.-id",
        "btw",
        "btw-nummer",
        "tva",
        "numéro de tva",
        "partita iva",
        "iva",
        "ondernemingsnummer",
        "numéro d'entreprise",
        "moms",
        "momsnummer",
        "nif-iva",
        "dič",
        "ddv",
        "pdv",
        "áfa",
        "ддс",
        "φπα",
        "alv",
        "umsatzsteueridentifikationsnummer",
        "vat registration number",
        "steuernummer ust",
    ),
)
