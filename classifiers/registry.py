"""Which detectors run. One explicit table: nothing is looked up by scanning or entry points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from classifiers.detector import Detector
from classifiers.text.engines import LazyEngine, default_engines, engine_versions

# Country or family -> its identifiers; each is the `DETECTOR` of the module of that name.
_IDENTIFIERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cn": "address landline mobile officer_id passport resident_id social_card travel_permit"
        " uscc",
        "hk": "business_registration hkid",
        "mo": "bir",
        "tw": "business_number landline national_id",
        "jp": "corporate_number driving_licence health_insurance my_number pension_number"
        " residence_card",
        "kr": "brn corporate_number driving_licence passport rrn",
        "au": "abn acn ihi medicare tfn",
        "nz": "bank_account ird nhi",
        "bn": "ic",
        "kh": "national_id",
        "id": "bpjs nik npwp",
        "la": "national_id",
        "my": "nric tin",
        "mm": "nrc",
        "ph": "philhealth philsys sss tin",
        "sg": "nric uen",
        "th": "pin",
        "vn": "bhyt cccd mst",
        "za": "id_number tax_number",
        "ke": "kra_pin national_id",
        "ng": "bvn nin nuban",
        "eg": "national_id tax_number",
        "gh": "ghana_card ssnit tin",
        "rw": "nid",
        "tz": "nida tin",
        "ug": "nin tin",
        "et": "fayda tin",
        "sn": "cni ninea",
        "ma": "cin ice rib",
        "dz": "nif nin rib",
        "tn": "cin mf",
        "ae": "emirates_id",
        "at": "tin vnr",
        "bd": "nid",
        "be": "eid nn",
        "bg": "egn lnch",
        "br": "cnpj cpf rg",
        "ca": "sin",
        "ch": "ahv",
        "cl": "rut",
        "cy": "tic",
        "cz": "rc",
        "de": "idnr kvnr personalausweis stnr svnr",
        "dk": "cpr",
        "ee": "ik",
        "es": "cif dni nie social_security",
        "fi": "hetu",
        "fr": "nif nir siren siret",
        "gb": "driving_licence nhs_number nino utr",
        "gr": "afm amka",
        "hr": "oib",
        "hu": "personal_id taj tax_id",
        "ie": "pps",
        "il": "id_number",
        "ind": "aadhaar gstin pan voter_id",
        "it": "codice_fiscale vat",
        "kz": "iin",
        "lu": "national_id",
        "lv": "personal_code",
        "mt": "national_id",
        "nl": "bsn",
        "no": "fodselsnummer",
        "pk": "cnic",
        "pl": "dowod nip pesel regon",
        "pt": "cc nif niss",
        "ro": "cnp",
        "rs": "jmbg",
        "ru": "inn passport snils",
        "sa": "national_id",
        "se": "personnummer",
        "si": "emso tax_number",
        "tr": "tckn",
        "ua": "rntrc",
        "us": "aba_routing ein itin mbi ssn",
        "uz": "pinfl",
        "eu": "vat",
        "isl": "kennitala",
        "mx": "curp rfc",
        "ar": "cuit",
        "mu": "nid",
        "lt": "asmens",
        "document": "business_number driving_licence health_insurance identity tax_number",
        "device": "advertising_id iccid imei imsi mac",
        "finance": "bank_account cn_bank_account iban payment_card swift_bic",
        "geo": "coordinates",
        "handle": "messenger qq wechat",
        "phone": "international national",
        "net": "email ip_address",
        "secret": "api_key jwt labelled password_hash private_key url_password",
        "terms": "crime health identity religion sexual_life",
        "travel": "mrz passport",
        "vehicle": "cn_plate plate vin",
    }
)


@dataclass(frozen=True, slots=True)
class Registry:
    """The value detectors of one classifier, each name once, and what it reads prose with."""

    detectors: tuple[Detector, ...]
    engines: Mapping[str, LazyEngine] = field(default_factory=dict)  # by language; none: off

    def __post_init__(self) -> None:
        names = [detector.name for detector in self.detectors]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"detectors registered twice: {', '.join(twice)}; rename one of each")

    @property
    def versions(self) -> Mapping[str, str]:
        """Detector -> version, for the proof of complete inspection."""
        detectors = {detector.name: detector.version for detector in self.detectors}
        return detectors | engine_versions(self.engines)

    def extended(self, detectors: Sequence[Detector]) -> Registry:
        """This registry with more detectors, such as those of `classifiers.presidio.adopt`."""
        return Registry((*self.detectors, *detectors), self.engines)


@lru_cache(maxsize=2)
def default_registry(*, text: bool = True) -> Registry:
    """Every detector that ships with Silkgate, and the text engines unless `text` is False."""
    return Registry(
        tuple(
            import_module(f"classifiers.{family}.{name}").DETECTOR
            for family, names in _IDENTIFIERS.items()
            for name in names.split()
        ),
        default_engines() if text else {},
    )
