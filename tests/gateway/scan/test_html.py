"""The HTML report: everything from the data is escaped, nothing is fetched, nobody is shown."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from gateway.cli.app import app

HOSTILE = "<script>alert(1)</script>"


def test_the_report_is_one_safe_file(tmp_path: Path) -> None:
    """A field named like a script is text; values are masked; the file loads nothing."""
    source, page = tmp_path / "x.csv", tmp_path / "out.html"
    source.write_text(f"手机号,{HOSTILE}\n13800138000,x\n")
    (tmp_path / "bad.json").write_text("{")
    result = CliRunner().invoke(
        app, ["scan", str(tmp_path), "--to", "SG", "--html", str(page), "-o", "json"]
    )
    assert result.exit_code == 3  # one file was not inspected
    text = page.read_text()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "13800138000" not in text
    assert "138****8000" in text
    assert "bad.json" in text
    assert "src=" not in text
    assert "http" not in text.replace("http-equiv", "")
