"""The commands as people and scripts use them: output, exit codes, refusals."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from typer.testing import CliRunner, Result

from gateway.cli.app import app
from tests.policies.questions import ORDER

MALL = Path(__file__).parents[3] / "gateway" / "demo" / "mall"


def silkgate(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder that `init` made; its configuration file."""
    assert silkgate("init", str(tmp_path / "gw")).exit_code == 0
    return tmp_path / "gw" / "gateway.toml"


def test_init_refuses_to_overwrite(made: Path) -> None:
    """A second `init` changes nothing and exits 2."""
    before = made.read_bytes()
    again = silkgate("init", str(made.parent))
    assert again.exit_code == 2
    assert made.read_bytes() == before


def test_init_keeps_secrets_to_itself(made: Path) -> None:
    """Keys are readable by their owner alone; the caller's key is in no file."""
    keys = list((made.parent / "data" / "keys").iterdir())
    assert keys
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys)


def test_check_says_that_all_is_well(made: Path) -> None:
    """Every part is listed and well."""
    result = silkgate("check", "-c", str(made), "-o", "json")
    assert result.exit_code == 0
    parts = json.loads(result.stdout)
    assert {part["part"] for part in parts} >= {"policies", "keys", "ledger", "audit log"}
    assert all(part["ok"] for part in parts)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('destination = "SG"', 'destination = "XX"', "policies"),
        ('dir = "data/keys"', 'dir = "data/none"', "keys"),
        ('dir = "data/audit"', 'dir = "data/none"', "audit log"),
        ('url = "sqlite:data/ledger.db"', 'url = "sqlite:data/none.db"', "ledger"),
        ('ground = "contract"', 'grounds = "contract"', "configuration"),
        ("[callers.", '[listen.tls]\ncert = "no.pem"\nkey = "no.key"\n[callers.', "listeners"),
        ("key_sha256 =", "keys = [{not_after = 2020-01-01T00:00:00Z, sha256 =", "listeners"),
    ],
)
def test_check_names_what_is_wrong(made: Path, old: str, new: str, part: str) -> None:
    """Exit 1, and the part at fault."""
    text = made.read_text("utf-8")
    assert old in text
    changed = text.replace(old, new)
    if "keys = [{" in changed:
        changed = re.sub(r"^(keys = .*)$", r"\1}]", changed, flags=re.M)
    made.write_text(changed, "utf-8")
    result = silkgate("check", "-c", str(made), "-o", "json")
    assert result.exit_code == 1
    assert part in {each["part"] for each in json.loads(result.stdout) if not each["ok"]}


def test_classify_prints_one_line_a_record() -> None:
    """Offsets count code points of the cell's text; records without findings are listed too."""
    given = '{"note": "我的手机 13800138000 谢谢"}\n{"note": "ok"}\n'
    result = silkgate("classify", "-", "--format", "ndjson", "-o", "ndjson", given=given)
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    (finding,) = first["findings"]
    assert (finding["pointer"], finding["start"], finding["end"]) == ("/note", 5, 16)
    assert (finding["category"], finding["detector"]) == ("pi_contact_phone", "cn.mobile")
    assert finding["verdict"] == "confirmed"
    assert second == {"record": 1, "findings": []}


def test_classify_reads_text_line_by_line() -> None:
    """Each line is one record with the single pointer ""."""
    result = silkgate("classify", "-", "--format", "text", "-o", "ndjson", given="a\n13800138000\n")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [len(line["findings"]) for line in lines] == [0, 1]
    assert lines[1]["findings"][0]["pointer"] == ""


def test_classify_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    """Exit 2 and a message with the place, without the content."""
    path = tmp_path / "bad.json"
    path.write_text('{"phone": "13800138000",}')
    result = silkgate("classify", str(path))
    assert result.exit_code == 2
    assert "13800138000" not in result.output


def test_scan_ends_with_a_basis_to_paste() -> None:
    """What the policy lacked, as TOML that the configuration reader accepts."""
    result = silkgate("scan", str(MALL / "oms_order.ndjson"), "--to", "SG")
    assert result.exit_code == 0
    assert "cn.order16.art5.1.1" in result.stdout
    assert "[routes.x.basis]" in result.stdout
    assert "18033441849" not in result.stdout


def test_scan_says_what_would_happen_to_each_field() -> None:
    """Names, phones and addresses stay for delivery; accounts go; trade data is not listed."""
    result = silkgate("scan", str(MALL / "oms_order.ndjson"), "--to", "SG", "-o", "json")
    (report,) = json.loads(result.stdout)["tables"]
    treatments = {each["pointer"]: each["treatment"] for each in report["fields"]}
    assert treatments["/receiver_phone"] == "keep"
    assert treatments["/receiver_detail_address"] == "keep"
    assert treatments["/member_username"] == "suppress"
    assert report["outcome"] == "allow"


def test_scan_refuses_a_destination_it_has_no_facts_on() -> None:
    """Exit 2."""
    assert silkgate("scan", str(MALL / "oms_order.ndjson"), "--to", "ZZ").exit_code == 2


def test_decide_answers_one_question(tmp_path: Path) -> None:
    """The decision as canonical JSON; exit 0 for allow."""
    path = tmp_path / "question.json"
    path.write_text(json.dumps(ORDER))
    result = silkgate("decide", str(path))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["mechanism"] == "exemption"
    explained = silkgate("decide", str(path), "--explain")
    assert "CAC Order 16 art 5(1)①" in explained.stdout


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"destination": "ZZ"}, 1), ({"extra": 1}, 2), ({"fields": "none"}, 2)],
)
def test_decide_tells_denial_from_bad_use(
    tmp_path: Path, changes: dict[str, object], code: int
) -> None:
    """Exit 1 for a denial, 2 for what is no policy input."""
    path = tmp_path / "question.json"
    path.write_text(json.dumps(ORDER | changes))
    assert silkgate("decide", str(path)).exit_code == code


def test_audit_commands_work_on_an_empty_log(made: Path) -> None:
    """Verify, show and replay have nothing to object to."""
    for command in ("verify", "show", "replay"):
        assert silkgate("audit", command, "-c", str(made)).exit_code == 0, command


def test_help_has_an_example_everywhere() -> None:
    """Every command's help ends with an example."""
    for group in ([], ["audit"]):
        listing = CliRunner().invoke(app, [*group, "--help"])
        assert listing.exit_code == 0
    for command in ("demo", "init", "serve", "check", "scan", "classify", "decide"):
        assert "Example: silkgate" in silkgate(command, "--help").stdout


def test_help_loads_nothing_heavy() -> None:
    """`silkgate --help` imports no engine, so that it answers at once."""
    code = (
        "import sys; import gateway.cli.app; "
        "print([m for m in ('presidio_analyzer', 'spacy', 'pyarrow', 'aiohttp', 'hyperscan', "
        "'faker', 'regopy', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_ledger_and_the_keys_are_shown(made: Path) -> None:
    """Counts beside thresholds, keys without the keys."""
    ledger = silkgate("ledger", "show", "-c", str(made), "-o", "json")
    assert json.loads(ledger.stdout)["counted"] == {"general": 0, "sensitive": 0}
    assert silkgate("ledger", "rebuild", "-c", str(made)).exit_code == 0
    keys = silkgate("keys", "list", "-c", str(made), "-o", "json")
    assert {each["state"] for each in json.loads(keys.stdout)} == {"current"}


def test_keys_rotate_and_retire(made: Path) -> None:
    """An old version can be erased, the one in force and the ledger's key cannot be touched."""
    assert silkgate("keys", "rotate", "hash", "-c", str(made)).exit_code == 0
    assert silkgate("keys", "retire", "hash", "2", "-c", str(made)).exit_code == 1
    assert silkgate("keys", "retire", "hash", "1", "-c", str(made)).exit_code == 0
    assert silkgate("keys", "rotate", "none", "-c", str(made)).exit_code == 1


def test_an_exported_range_is_checked_with_nothing_of_ours(made: Path, tmp_path: Path) -> None:
    """The verifier in the folder runs by itself and says what is proven."""
    _one_entry(made)
    folder = tmp_path / "evidence"
    made_it = silkgate("audit", "export", "-c", str(made), "--to", str(folder))
    assert made_it.exit_code == 0, made_it.output
    (named,) = (made.parent / "data" / "audit" / "keys").glob("*.vkey")
    vkey = named.read_text().strip()
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_export.py"), str(folder), "--vkey", vkey],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "nothing missing" in done.stdout
    proof = tmp_path / "entry.tlog-proof"
    assert silkgate("audit", "prove", "0", "-c", str(made), "--to", str(proof)).exit_code == 0
    assert proof.read_text().startswith("c2sp.org/tlog-proof@v1\n")


def _one_entry(config: Path) -> None:
    """Start and stop the gateway of `config` once."""
    import asyncio

    from gateway.node import running
    from gateway.settings import load

    async def once() -> None:
        async with running(load(config)):
            pass

    asyncio.run(once())


OVERLAY = """
package silkgate.overlay.phones

deny contains {
	"code": "acme.phones", "en": "No phones.", "zh": "不得包含电话。", "citation": "Acme 1",
} if {
	some field in input.fields
	field.category == "pi_contact_phone"
}
"""


def test_policies_are_checked_tested_shown_and_compared(tmp_path: Path) -> None:
    """The shipped law is without fault; an overlay shows up in the comparison."""
    assert silkgate("policy", "check").exit_code == 0
    tested = silkgate("policy", "test")
    assert tested.exit_code == 0
    assert "0 failed" in tested.stdout
    sheet = silkgate(
        "policy", "show", "--destination", "SG", "--purpose", "order_fulfilment", "-o", "json"
    )
    rows = {
        (row["category"], row["entity"]): row["treatment"]
        for row in json.loads(sheet.stdout)["rows"]
    }
    assert rows["pi_basic", "PERSON"] == "keep"
    assert rows["spi_credential", ""] == "suppress"
    (tmp_path / "phones.rego").write_text(OVERLAY, encoding="utf-8")
    compared = silkgate("policy", "diff", "builtin", "builtin", "--new-overlay", str(tmp_path))
    assert compared.exit_code == 1
    assert "phones" in compared.stdout
    (tmp_path / "broken.rego").write_text("package silkgate.overlay.x\ndeny contains {", "utf-8")
    broken = silkgate("policy", "check", "--overlay", str(tmp_path))
    assert broken.exit_code == 1
    said = " ".join(broken.stdout.split())
    assert said == "the bundle does not compile: overlay/broken.rego:2: this is unclosed"
    missing = silkgate("policy", "check", "--overlay", str(tmp_path / "none"))
    said = " ".join(missing.stderr.split())  # lines are broken where the terminal ends
    assert (missing.exit_code, "no such folder" in said) == (2, True)


def test_a_signed_bundle_is_verified(tmp_path: Path) -> None:
    """With its own key alone, and as it was signed; what to do is said where it is not."""
    pems = []
    for name in ("ours", "another"):
        key = ec.generate_private_key(ec.SECP256R1())
        private = tmp_path / f"{name}.pem"
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = tmp_path / f"{name}.pub"
        public.write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        pems.append((private, public))
    (private, public), (_, strange) = pems
    bundle = str(tmp_path / "bundle.tar.gz")
    assert silkgate("policy", "sign", "--key", str(private), "--to", bundle).exit_code == 0
    assert silkgate("policy", "verify", bundle, "--key", str(public)).exit_code == 0
    other = silkgate("policy", "verify", bundle, "--key", str(strange))
    assert (other.exit_code, "another key" in " ".join(other.stdout.split())) == (1, True)
    assert silkgate("policy", "verify", bundle, "--key", str(tmp_path / "none")).exit_code == 2
    wrong = silkgate("policy", "verify", bundle, "--key", str(private))
    assert (wrong.exit_code, "no public key" in " ".join(wrong.stderr.split())) == (2, True)
    wrong = silkgate("policy", "sign", "--key", str(public), "--to", str(tmp_path / "other"))
    said = " ".join(wrong.stderr.split())
    assert (wrong.exit_code, "no unencrypted private key" in said) == (2, True)
    again = silkgate("policy", "sign", "--key", str(private), "--to", bundle)
    assert again.exit_code == 2


def test_a_denial_is_explained_with_what_would_let_it_leave(tmp_path: Path) -> None:
    """The rule, its facts, and the facts that would have to be true."""
    path = tmp_path / "question.json"
    path.write_text(json.dumps(ORDER | {"purpose": "analytics"}))
    result = silkgate("decide", str(path), "--explain")
    assert result.exit_code == 1
    assert "would be allow with" in result.stdout
    assert "basis.ground = contract\n" in result.stdout
