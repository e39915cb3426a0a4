"""How well records are classified beyond what the table of identifiers lists.

    python -m benchmarks.eval.breadth

Values come from Faker's providers for some fifty locales, telephone numbers from the example
numbers of phonenumbers, trade numbers with check digits of their own; names of columns are put
together from the parts that people put them together from.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import phonenumbers
from faker import Faker
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from rich.console import Console
from rich.table import Table

from benchmarks.eval.numbers import titled
from benchmarks.eval.trade import TRADE_NUMBERS, TRADE_WORDS
from classifiers.classify import Classifier
from classifiers.model import Batch, CellKind, Classification, Column
from classifiers.registry import default_registry

_ROWS: Final = 30
Maker = Callable[[], str]
# locale -> provider method, titles as people of the place and abroad write them.
NUMBERS: Final[Sequence[tuple[str, str, str]]] = (
    ("ar_DZ", "ssn", "رقم التعريف الوطني|NIN|numéro d'identification national"),
    ("bg_BG", "vat_id", "ДДС номер|VAT number"),
    ("bn_BD", "ssn", "জাতীয় পরিচয়পত্র নম্বর|NID|national id"),
    ("cs_CZ", "birth_number", "rodné číslo|rodne_cislo|RČ"),
    ("de_AT", "ssn", "Sozialversicherungsnummer|SVNR|SV-Nummer"),
    ("de_CH", "ssn", "AHV-Nummer|AHVN13|Sozialversicherungsnummer"),
    ("fr_CH", "ssn", "numéro AVS|No AVS"),
    ("de_DE", "rvnr", "Rentenversicherungsnummer|Sozialversicherungsnummer|SV-Nr"),
    ("de_DE", "kvnr", "Krankenversichertennummer|Versichertennummer|KVNR"),
    ("de_DE", "vat_id", "USt-IdNr.|VAT ID"),
    ("el_GR", "ssn", "ΑΜΚΑ|AMKA"),
    ("el_GR", "tin", "ΑΦΜ|AFM"),
    ("el_GR", "police_id", "αριθμός δελτίου ταυτότητας|ΑΔΤ|ADT"),
    ("en_CA", "ssn", "SIN|social insurance number|Numéro d'assurance sociale"),
    ("en_GB", "ssn", "NINO|National Insurance number|NI number"),
    ("en_IN", "aadhaar_id", "Aadhaar|आधार संख्या|aadhaar_no"),
    ("en_IN", "pan", "PAN|Permanent Account Number"),
    ("en_IN", "gstin", "GSTIN|GST number"),
    ("en_PH", "sss", "SSS|SSS number"),
    ("en_PH", "gsis", "GSIS|GSIS number"),
    ("en_PH", "pagibig", "Pag-IBIG|Pag-IBIG MID"),
    ("en_PH", "philhealth", "PhilHealth|PhilHealth number"),
    ("en_PH", "umid", "UMID|CRN"),
    ("en_US", "ssn", "SSN|social security number|Social Security No."),
    ("en_US", "itin", "ITIN|individual taxpayer identification number"),
    ("en_US", "ein", "EIN|employer identification number"),
    ("es_CL", "rut", "RUT|RUN|rol único tributario"),
    ("es_CO", "nuip", "NUIP|cédula de ciudadanía|cedula"),
    ("es_CO", "natural_person_nit", "NIT|número de identificación tributaria"),
    ("es_ES", "nif", "NIF|DNI|documento nacional de identidad"),
    ("es_ES", "nie", "NIE|número de identidad de extranjero"),
    ("es_ES", "cif", "CIF"),
    ("es_ES", "nuss", "NUSS|número de la Seguridad Social|nº afiliación"),
    ("es_MX", "curp", "CURP|clave única de registro de población"),
    ("es_MX", "rfc", "RFC|registro federal de contribuyentes"),
    ("es_MX", "ssn", "NSS|número de seguridad social|IMSS"),
    ("es_MX", "elector_code", "clave de elector"),
    ("et_EE", "ssn", "isikukood|personal identification code"),
    ("fi_FI", "ssn", "henkilötunnus|hetu|personbeteckning"),
    ("fr_FR", "ssn", "numéro de sécurité sociale|NIR|n° sécu|INSEE"),
    ("fr_FR", "vat_id", "n° TVA|TVA intracommunautaire"),
    ("he_IL", "ssn", "תעודת זהות|מספר זהות|teudat zehut"),
    ("hr_HR", "ssn", "OIB|osobni identifikacijski broj"),
    ("hu_HU", "ssn", "személyi szám|személyi azonosító|TAJ szám"),
    ("it_IT", "ssn", "codice fiscale|cod. fiscale|CF"),
    ("it_IT", "cie", "carta d'identità|CIE"),
    ("it_IT", "vat_id", "partita IVA|P.IVA"),
    ("ko_KR", "ssn", "주민등록번호|주민번호|RRN"),
    ("lv_LV", "ssn", "personas kods"),
    ("mk_MK", "ssn", "ЕМБГ|матичен број"),
    ("nl_BE", "ssn", "rijksregisternummer|INSZ|registre national"),
    ("nl_NL", "ssn", "BSN|burgerservicenummer|sofinummer"),
    ("no_NO", "ssn", "fødselsnummer|personnummer|fnr"),
    ("pl_PL", "ssn", "PESEL|numer PESEL"),
    ("pt_BR", "cpf", "CPF|cadastro de pessoa física"),
    ("pt_BR", "rg", "RG|identidade|registro geral"),
    ("ro_RO", "ssn", "CNP|cod numeric personal"),
    ("ru_RU", "ssn", "СНИЛС|ИНН"),
    ("sk_SK", "birth_number", "rodné číslo"),
    ("sr_BA", "ssn", "JMBG|матични број|јмбг"),
    ("sv_SE", "ssn", "personnummer|svenskt personnr"),
    ("th_TH", "ssn", "เลขบัตรประชาชน|เลขประจำตัวประชาชน|Thai ID"),
    ("tr_TR", "ssn", "T.C. Kimlik No|TCKN|kimlik numarası"),
    ("uk_UA", "ssn", "РНОКПП|ІПН|реєстраційний номер"),
    ("zh_CN", "ssn", "身份证号|身份证|公民身份号码|ID card"),
    ("zh_TW", "ssn", "身分證字號|身分證|統一編號"),
)  # fmt: skip
# Every country of the African Union, RCEP and the EU, and partners.
REGIONS: Final = (
    "DZ AO BJ BW BF BI CM CV CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG MW"
    " ML MR MU MA MZ NA NE NG RW ST SN SC SL SO ZA SS SD TZ TG TN UG ZM ZW"
    " CN HK MO TW JP KR AU NZ BN KH ID LA MY MM PH SG TH VN"
    " AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
    " GB CH NO US CA BR MX IN PK BD LK AE SA TR RU UA KZ IL"
).split()
_CALL: Final = (
    "Tel: {}", "phone {}", "Mobile: {}", "电话：{}", "手机号 {}", "電話: {}", "전화: {}", "โทร. {}",
    "SĐT: {}", "HP: {}", "Telefon: {}", "Tél. : {}", "teléfono: {}", "telefone {}", "телефон: {}",
    "هاتف: {}", "simu: {}", "No. HP {}", "携帯 {}", "Contact No: {}", "WhatsApp: {}",
)  # fmt: skip
_NAME_LOCALES: Final = (
    "zh_CN zh_TW ja_JP ko_KR vi_VN th_TH id_ID en_US en_GB en_IN en_PH fil_PH en_NZ en_AU fr_FR"
    " fr_DZ de_DE de_AT es_ES es_MX es_CO pt_BR pt_PT it_IT nl_NL nl_BE pl_PL cs_CZ sk_SK hu_HU"
    " ro_RO bg_BG el_GR hr_HR sl_SI lt_LT lv_LV et_EE fi_FI sv_SE no_NO da_DK ru_RU uk_UA tr_TR"
    " ar_AA ar_DZ ar_EG ar_SA fa_IR he_IL hi_IN bn_BD ne_NP ta_IN sw yo_NG zu_ZA tw_GH ha_NG"
).split()
_BEFORE: Final = ("", "cust_", "rcv_", "t_", "f_", "USER_", "buyer.", "consignee_", "p_", "emp")


def _phone(fake: Faker) -> str:
    made = getattr(fake, "phone_number", None)
    return str(made()) if made else "+" + str(random.randint(10**10, 10**11))


_VALUES: Final[Mapping[str, Callable[[Faker], str]]] = {
    "name": lambda fake: fake.name(),
    "phone": _phone,
    "address": lambda fake: fake.address().replace("\n", ", "),
    "email": lambda fake: fake.email(),
    "birth": lambda fake: fake.date_of_birth().isoformat(),
}
_HEADINGS: Final = Path(__file__).with_name("data") / "headings.tsv"


def column(name: str, values: Sequence[str]) -> Column:
    """A column of a table, equal texts folded."""
    distinct = list(dict.fromkeys(values))
    refs = [distinct.index(value) for value in values]
    rows = range(len(values))
    return Column(f"/{name}", name, CellKind.TEXT, distinct, rows, refs, rows)


def classified(classifier: Classifier, columns: Sequence[Column]) -> Classification:
    """What stands in a table of these columns."""
    return classifier.classify(Batch(columns, max(len(c.rows) for c in columns), 0))


def categories(found: Classification) -> Counter[str]:
    """How many values are told to be what, trade labels left out."""
    return Counter(
        f.category for f in found.findings if f.verdict.treated and f.level.value != "general"
    )


def _texts(classifier: Classifier, texts: Sequence[str]) -> list[set[str]]:
    distinct = list(dict.fromkeys(texts))
    found = classified(classifier, [column("x1", distinct)])
    told: dict[str, set[str]] = {text: set() for text in distinct}
    for each in found.findings:
        if each.verdict.treated:
            told[distinct[each.value]].add(each.category)
    return [told[text] for text in texts]


Result = Iterator[tuple[str, bool]]  # what was tried, whether it was found


def numbers(classifier: Classifier, random_: random.Random) -> Result:
    """National numbers of Faker's beside their titles."""
    told, texts = [], []
    for locale, method, titles in NUMBERS:
        fake = Faker(locale)
        for title in titles.split("|"):
            for _ in range(4):
                texts.append(titled(title, str(getattr(fake, method)()), random_))
                told.append(f"{locale} {title}")
    for name, found in zip(told, _texts(classifier, texts), strict=True):
        yield name, bool(found)


def number_columns(classifier: Classifier, _random: random.Random) -> Result:
    """Columns of them, named by their titles."""
    for locale, method, titles in NUMBERS:
        fake = Faker(locale)
        for title in titles.split("|"):
            values = [str(getattr(fake, method)()) for _ in range(_ROWS)]
            found = classified(classifier, [column(title, values)]).findings
            told = {each.value for each in found if each.verdict.treated}
            yield f"{locale} {title}", len(told) > len(set(values)) // 2


def _examples(form: int) -> Iterator[tuple[str, str]]:
    for region in REGIONS:
        for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                yield region, phonenumbers.format_number(number, form)


def international(classifier: Classifier, random_: random.Random) -> Result:
    """Telephone numbers with their country code, spelled in several ways."""
    pairs = [*_examples(PhoneNumberFormat.INTERNATIONAL), *_examples(PhoneNumberFormat.E164)]
    pairs += [(r, n.replace("+", "00", 1)) for r, n in _examples(PhoneNumberFormat.E164)]
    pairs += [(r, n.replace(" ", "-")) for r, n in _examples(PhoneNumberFormat.INTERNATIONAL)]
    frames = ("{}", "call {} now", "请拨打{}联系", "({})", "ph {}")
    texts = [
        (random_.choice(_CALL) if n.startswith("00") else random_.choice(frames)).format(n)
        for _, n in pairs
    ]
    for (region, _), text, found in zip(pairs, texts, _texts(classifier, texts), strict=True):
        yield f"{region}:{text}", "pi_contact_phone" in found


def national(classifier: Classifier, random_: random.Random) -> Result:
    """In national form beside a word for telephone in some language."""
    pairs = list(_examples(PhoneNumberFormat.NATIONAL))
    texts = [random_.choice(_CALL).format(number) for _, number in pairs]
    for (region, _), text, found in zip(pairs, texts, _texts(classifier, texts), strict=True):
        yield f"{region}:{text}", "pi_contact_phone" in found


def national_fields(classifier: Classifier, _random: random.Random) -> Result:
    """In national form beside the record's country, in a field named for it."""
    for region, number in _examples(PhoneNumberFormat.NATIONAL):
        columns = [column("country", [region]), column("phone", [number])]
        yield region, categories(classified(classifier, columns))["pi_contact_phone"] > 0


def personal(classifier: Classifier, random_: random.Random) -> Result:
    """Columns of persons' data: a local's values under odd headings; flagged."""
    for name, _, found in _personal(classifier, random_):
        yield name, bool(found)


def personal_right(classifier: Classifier, random_: random.Random) -> Result:
    """The same, with the right category."""
    for name, category, found in _personal(classifier, random_):
        yield (
            f"{name}:{found.most_common(1)}",
            bool(found) and found.most_common(1)[0][0] == category,
        )


def _personal(
    classifier: Classifier, random_: random.Random
) -> Iterator[tuple[str, str, Counter[str]]]:
    for row in _HEADINGS.read_text("utf-8").splitlines()[1:]:
        category, kind, names = row.split("\t")
        make = _VALUES[kind]
        for heading in names.split():
            for before in random_.sample(_BEFORE, 3):
                fake = Faker(random_.choice(_LOCALES))
                plain = heading.replace("_", " ") if not heading.isascii() else heading
                name = before + plain if plain.isascii() else plain
                if before == "emp":
                    name = "emp" + plain[:1].upper() + plain[1:] if plain.isascii() else plain
                values = [make(fake) for _ in range(_ROWS)]
                found = categories(classified(classifier, [column(name, values)]))
                yield f"{name} ({fake.locales[0]})", category, found


def lone_names(classifier: Classifier, _random: random.Random) -> Result:
    """Columns of persons' names under a name that says nothing."""
    for locale in _LOCALES:
        fake = Faker(locale)
        values = [fake.name() for _ in range(_ROWS)]
        found = categories(classified(classifier, [column("col_7", values)]))
        yield locale, found["pi_basic"] > _ROWS // 2


def trade(classifier: Classifier, _random: random.Random) -> Result:
    """Trade columns under trade names and under none; good where nobody's data is seen."""
    for name, make in (*TRADE_NUMBERS, *TRADE_WORDS):
        for heading in (*name.split("|"), "col_3"):
            found = classified(classifier, [column(heading, [make() for _ in range(_ROWS)])])
            wrong = {
                f.detector
                for f in found.findings
                if f.verdict.treated and f.level.value != "general"
            }
            yield f"{heading}<{name.split('|')[0]}>:{' '.join(sorted(wrong))}", not wrong


def trade_cells(classifier: Classifier, random_: random.Random) -> Result:
    """The same, cell by cell."""
    for name, make in (*TRADE_NUMBERS, *TRADE_WORDS):
        for heading in (*name.split("|"), "col_3"):
            values = [make() for _ in range(_ROWS)]
            found = classified(classifier, [column(heading, values)])
            wrong = {
                f.value for f in found.findings if f.verdict.treated and f.level.value != "general"
            }
            for number in range(len(set(values))):
                yield heading, number not in wrong


_LOCALES: Final = [
    locale for locale in _NAME_LOCALES if locale.replace("-", "_") in Faker(locale).locales
]
_MEASURES: Final = (
    ("national numbers beside titles", numbers, "≥ 98 %"),
    ("columns of national numbers", number_columns, "≥ 97 %"),
    ("telephone, international", international, "≥ 98 %"),
    ("telephone, national, with a word", national, "≥ 95 %"),
    ("telephone, national, in a field beside a country", national_fields, "≥ 95 %"),
    ("personal columns flagged", personal, "≥ 97 %"),
    ("personal columns right", personal_right, "≥ 90 %"),
    ("columns of names, no field name", lone_names, ""),
    ("trade columns clear", trade, "≥ 95 %"),
    ("trade cells clear", trade_cells, "≥ 99.8 %"),
)


def main() -> None:
    """Print every figure beside its mark, with what was missed most."""
    classifier = Classifier(default_registry(text=False))
    board = Table("what", "of", "figure", "mark", "missed")
    for name, measure, mark in _MEASURES:
        Faker.seed(20261127)
        results = list(measure(classifier, random.Random(20261127)))
        missed = Counter(what for what, good in results if not good)
        share = sum(good for _, good in results) / len(results)
        told = " ".join(f"{what}({count})" for what, count in missed.most_common(40))
        board.add_row(name, str(len(results)), f"{share:.2%}", mark, told)
        Console(stderr=True, width=200).print(name, f"{share:.2%}", told)
    Console(width=200).print(board)


if __name__ == "__main__":
    main()
