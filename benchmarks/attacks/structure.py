"""Values in places where nobody looks, and bodies that readers read differently (22-39)."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from typing import Final

from benchmarks.attacks.model import ID, JSON, MAIL, PHONE, Case, Want, typed, value

_FORM: Final = "application/x-www-form-urlencoded"
_MULTI: Final = 'multipart/form-data; boundary="b"'


def _json(
    number: int, name: str, body: str | bytes, *hidden: str, want: Want = Want.CAUGHT
) -> Case:
    return typed(number, name, "application/json",
                 body.encode() if isinstance(body, str) else body, *hidden, want=want)  # fmt: skip


def _part(head: str, content: str | bytes) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return b"--b\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + raw + b"\r\n"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", MAIL)
    return out.getvalue()


_END: Final = b"--b--\r\n"
_REFUSED: Final = Want.REFUSED
_PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(40)
_ENTITY: Final = f'<!DOCTYPE a [<!ENTITY e "{MAIL}">]><a>&e;</a>'

STRUCTURE: Final[list[Case]] = [
    _json(22, "area code and number apart", '{"area": "138", "rest": "00138000"}', "00138000",
          want=Want.LIMIT),
    _json(22, "over an array", json.dumps([*PHONE]), json.dumps([*PHONE]), want=Want.LIMIT),
    typed(22, "over lines", "application/x-ndjson", b'{"a": "1380013"}\n{"a": "8000"}\n', "8000",
          want=Want.LIMIT),
    typed(23, "over multipart parts", _MULTI,
          _part('name="a"', "zhang.san@exam") + _part('name="b"', "ple.com") + _END,
          "zhang.san@exam", want=Want.LIMIT),
    _json(24, "in a key", json.dumps({MAIL: 1}), MAIL, want=Want.STOPPED),
    _json(24, "in base64 in a key", json.dumps({base64.b64encode(MAIL.encode()).decode(): 1}),
          base64.b64encode(MAIL.encode()).decode(), want=Want.STOPPED),
    typed(24, "in a form's name", _FORM, f"{MAIL}=1".encode(), MAIL, want=Want.STOPPED),
    typed(24, "in a CSV header", "text/csv", f"{MAIL},b\n1,2\n".encode(), MAIL, want=Want.STOPPED),
    typed(24, "in a part's name", _MULTI, _part(f'name="{MAIL}"', "1") + _END, MAIL,
          want=Want.STOPPED),
    typed(24, "in an element's name", "application/xml", f"<a><phone.{PHONE}/></a>".encode(), PHONE,
          want=Want.STOPPED),
    _json(25, "duplicate keys", f'{{"a": "{MAIL}", "a": 1}}', MAIL, want=_REFUSED),
    _json(25, "duplicate keys escaped", f'{{"a": "{MAIL}", "\\u0061": 1}}', MAIL, want=_REFUSED),
    typed(25, "duplicate columns", "text/csv", f"a,a\n1,{MAIL}\n".encode(), MAIL, want=_REFUSED),
    typed(25, "duplicate form fields", _FORM, f"a=1&a={MAIL}".encode(), MAIL),
    typed(25, "duplicate attributes", "application/xml", f'<a b="1" b="{MAIL}"/>'.encode(), MAIL,
          want=_REFUSED),
    _json(26, "key in capitals", '{"RECEIVER_NAME": "王小明"}', "王小明"),
    _json(26, "key with a space", '{" username ": "xiaoming_88"}', "xiaoming_88"),
    _json(26, "key with an invisible character", '{"user\u200bname": "xiaoming_88"}', "xiaoming_88"),
    _json(27, "a phone as a number", f'{{"x": {PHONE}}}', PHONE),
    _json(27, "a phone as a float", f'{{"x": {PHONE}.0}}', PHONE),
    _json(27, "a phone with an exponent", '{"x": 1.3800138000e10}', "1.3800138000e10"),
    Case(27, "big numbers survive", Want.NEUTRAL,
         b'{"n": 900719925474099312, "p": 1.10, "e": 1E5, "z": -0.0, "b": 1e400}'),
    *(_json(28, name, body, MAIL, want=_REFUSED) for name, body in {
        "NaN": f'{{"a": NaN, "m": "{MAIL}"}}',
        "Infinity": f'{{"a": -Infinity, "m": "{MAIL}"}}',
        "comment": f'{{"a": 1}} // {MAIL}',
        "block comment": f'{{"a": /* {MAIL} */ 1}}',
        "trailing comma": f'["{MAIL}",]',
        "single quotes": f"{{'a': '{MAIL}'}}",
        "lone surrogate": f'{{"a": "\\ud800", "m": "{MAIL}"}}',
        "lone low surrogate": f'{{"a": "\\udc00\\ud800", "m": "{MAIL}"}}',
        "NUL between": f'{{"a": 1}}\0{MAIL}',
        "NUL in a string": f'{{"a": "\0{MAIL}"}}',
        "newline in a string": f'{{"a": "\n{MAIL}"}}',
        "two texts": f'{{}} {{"m": "{MAIL}"}}',
        "leading zero": f'{{"a": 01, "m": "{MAIL}"}}',
        "plus sign": f'{{"a": +1, "m": "{MAIL}"}}',
        "hex number": f'{{"a": 0x1, "m": "{MAIL}"}}',
        "bad escape": f'{{"a": "\\x41", "m": "{MAIL}"}}',
        "no-break space between": f'{{"a":\u00a01, "m": "{MAIL}"}}',
        "unquoted key": f'{{a: "{MAIL}"}}',
        "overlong UTF-8": b'{"a": "\xc1\x81 ' + MAIL.encode() + b'"}',
        "CESU-8": b'{"a": "\xed\xa0\xbd\xed\xb8\x80 ' + MAIL.encode() + b'"}',
        "UTF-8 cut short": b'{"a": "\xe5\xbc ' + MAIL.encode() + b'"}',
    }.items()),
    _json(28, "NUL escaped", f'{{"a": "\\u0000{MAIL}"}}', MAIL, want=Want.STOPPED),
    _json(29, "depth", "[" * 5_000 + f'"{MAIL}"' + "]" * 5_000, MAIL, want=_REFUSED),
    _json(29, "a hundred thousand keys",
          json.dumps({f"k{n}": n for n in range(100_000)} | {"m": MAIL}), MAIL, want=Want.STOPPED),
    _json(29, "a huge string", json.dumps("x " * 400_000 + MAIL), MAIL, want=Want.STOPPED),
    _json(29, "a number of 100,000 digits", f'{{"n": {"9" * 100_000}, "m": "{MAIL}"}}', MAIL,
          want=Want.STOPPED),
    typed(30, "quoted newlines", "text/csv", f'a,b\n"1\n2","x\n{MAIL}"\n'.encode(), MAIL),
    typed(30, "BOM", "text/csv", b"\xef\xbb\xbf" + f"a,b\n1,{MAIL}\n".encode(), MAIL),
    typed(30, "semicolons", "text/csv", f"a;b\n1;{MAIL}\n".encode(), MAIL),
    typed(30, "formula", "text/csv", f'a,b\n1,"=HYPERLINK(""mailto:{MAIL}"")"\n'.encode(), MAIL),
    typed(30, "extra column", "text/csv", f"a,b\n1,2,{MAIL}\n".encode(), MAIL, want=_REFUSED),
    typed(30, "header alias", "text/csv", "用户名,b\nxiaoming_88,2\n".encode(), "xiaoming_88"),
    typed(30, "GB 18030", "text/csv; charset=gb18030",
          f"邮箱,b\n{MAIL},2\n".encode("gb18030"), MAIL),
    typed(30, "quote in the middle", "text/csv", f'a,b\n1"x,{MAIL}\n'.encode(), MAIL, want=_REFUSED),
    typed(30, "bare carriage return", "text/csv", f"a,b\r1,{MAIL}\r".encode(), MAIL,
          want=_REFUSED),
    typed(31, "entity", "application/xml", _ENTITY.encode(), MAIL, want=_REFUSED),
    typed(31, "XXE", "application/xml",
          b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', want=_REFUSED),
    typed(31, "DTD outside", "application/xml",
          f'<!DOCTYPE a SYSTEM "http://x/"><a>{MAIL}</a>'.encode(), MAIL, want=_REFUSED),
    typed(31, "XInclude", "application/xml",
          b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="file:///etc/passwd"/></a>',
          want=_REFUSED),
    typed(31, "XInclude's name in entities", "application/xml",
          b'<a xmlns:x="http://www.w3.org/2001/&#88;Include"><x:include href="/etc/passwd"/></a>',
          want=_REFUSED),
    typed(31, "stylesheet", "application/xml",
          f'<?xml-stylesheet href="{MAIL}"?><a/>'.encode(), MAIL, want=_REFUSED),
    typed(31, "comment", "application/xml", f"<a><!-- {MAIL} --></a>".encode(), MAIL),
    typed(31, "CDATA", "application/xml", f"<a><![CDATA[{MAIL}]]></a>".encode(), MAIL),
    typed(31, "character references", "application/xml",
          f"<a>{''.join(f'&#{ord(char)};' for char in MAIL)}</a>".encode(), "&#122;&#104;"),
    typed(31, "split by a comment", "application/xml",
          b"<a>zhang.san@exam<!-- -->ple.com</a>", "zhang.san@exam", want=Want.LIMIT),
    typed(31, "split by CDATA", "application/xml",
          b"<a>zhang.san@exam<![CDATA[ple.com]]></a>", "zhang.san@exam"),
    typed(31, "namespace name", "application/xml", f'<a xmlns="mailto:{MAIL}"/>'.encode(), MAIL),
    typed(32, "JSON as text/plain", "text/plain", json.dumps({"m": MAIL}).encode(), MAIL),
    typed(32, "JSON as octet-stream", "application/octet-stream", json.dumps({"m": MAIL}).encode(),
          MAIL, want=_REFUSED),
    typed(32, "no type", "", json.dumps({"m": MAIL}).encode(), MAIL, want=_REFUSED),
    typed(32, "+json with a charset", "application/x+json; charset=utf-8",
          json.dumps({"m": MAIL}).encode(), MAIL),
    typed(32, "+json with another charset", "application/x+json; charset=utf-16",
          json.dumps({"m": MAIL}).encode(), MAIL, want=_REFUSED),
    typed(32, "XML as JSON", "application/json", f"<m>{MAIL}</m>".encode(), MAIL, want=_REFUSED),
    typed(32, "a form as text", "text/plain", f"m={MAIL.replace('@', '%40')}".encode(), "%40"),
    typed(32, "two types", "application/json, text/plain", json.dumps({"m": MAIL}).encode(), MAIL,
          want=_REFUSED),
    typed(33, "nested", _MULTI,
          _part('name="a"\r\nContent-Type: multipart/mixed; boundary=c',
                f"--c\r\n\r\n{MAIL}\r\n--c--") + _END, MAIL, want=_REFUSED),
    typed(33, "filename", _MULTI, _part(f'name="a"; filename="{MAIL}"', "1") + _END, MAIL),
    typed(33, "filename*", _MULTI,
          _part("name=\"a\"; filename*=utf-8''zhang%40example.com", "1") + _END,
          "zhang%40", want=_REFUSED),
    typed(33, "preamble", _MULTI, MAIL.encode() + b"\r\n" + _part('name="a"', "1") + _END, MAIL,
          want=_REFUSED),
    typed(33, "epilogue", _MULTI, _part('name="a"', "1") + _END + MAIL.encode(), MAIL,
          want=_REFUSED),
    typed(33, "two boundaries", "multipart/form-data; boundary=b; boundary=c",
          _part('name="a"', MAIL) + _END, MAIL, want=_REFUSED),
    typed(33, "a part's length", _MULTI,
          _part('name="a"\r\nContent-Length: -1', MAIL) + _END, MAIL, want=_REFUSED),
    typed(33, "transfer encoding", _MULTI,
          _part('name="a"\r\nContent-Transfer-Encoding: base64', "eA==") + _END, want=_REFUSED),
    typed(33, "bare line feeds", _MULTI,
          (_part('name="a"', MAIL) + _END).replace(b"\r\n", b"\n"), MAIL, want=_REFUSED),
    typed(33, "text after a boundary", _MULTI,
          (_part('name="a"', "1") + _END).replace(b"--b\r\n", f"--b {MAIL}\r\n".encode()), MAIL,
          want=_REFUSED),
    typed(33, "a value in a part", _MULTI, _part('name="a"', MAIL) + _END, MAIL),
    typed(33, "JSON in a part", _MULTI,
          _part('name="a"\r\nContent-Type: application/json', json.dumps({"m": MAIL})) + _END, MAIL),
    typed(33, "a picture in a part", _MULTI,
          _part('name="a"; filename="x.png"\r\nContent-Type: image/png', _PNG) + _END,
          want=_REFUSED),
    Case(34, "path", Want.STOPPED, method="GET", target=f"/u/{MAIL}", hidden=(MAIL.encode(),),
         headers={}),
    Case(34, "path percent", Want.STOPPED, method="GET", target="/u/zhang.san%40example.com",
         hidden=(b"zhang.san%40",), headers={}),
    Case(34, "query", Want.STOPPED, method="GET", target=f"/u?q={MAIL}", hidden=(MAIL.encode(),),
         headers={}),
    Case(34, "query name", Want.STOPPED, method="GET", target=f"/u?{PHONE}=1",
         hidden=(PHONE.encode(),), headers={}),
    Case(34, "header that passes", Want.STOPPED, b"{}", (MAIL.encode(),),
         headers={**JSON, "Prefer": f'note="{MAIL}"'}),
    Case(34, "header that does not pass", Want.CAUGHT, b"{}", (MAIL.encode(),),
         headers={**JSON, "X-User": MAIL}),
    Case(34, "cookie", Want.CAUGHT, b"{}", (MAIL.encode(),), headers={**JSON, "Cookie": f"m={MAIL}"}),
    Case(34, "user agent", Want.CAUGHT, b"{}", (MAIL.encode(),),
         headers={**JSON, "User-Agent": MAIL}),
    Case(34, "media type's parameter", Want.STOPPED, b"{}", (MAIL.encode(),),
         headers={"Content-Type": f'application/json; note="{MAIL}"'}),
    Case(34, "fragment", Want.REFUSED, raw=(
        f"GET /%(route)s/x#{MAIL} HTTP/1.1\r\nHost: %(host)s\r\nSilkgate-Key: %(key)s\r\n\r\n"
    ).encode(), hidden=(MAIL.encode(),)),
    *(typed(35, name, media, body, MAIL, want=_REFUSED) for name, media, body in (
        ("PNG", "image/png", _PNG + MAIL.encode()),
        ("PDF", "application/pdf", b"%PDF-1.7\n" + MAIL.encode()),
        ("zip", "application/zip", _zip()),
        ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _zip()),
        ("protobuf", "application/x-protobuf", b"\x0a\x15" + MAIL.encode()),
        ("audio", "audio/mpeg", b"ID3" + MAIL.encode()),
        ("SVG", "image/svg+xml; x=1", f"<svg><text>{MAIL}</text></svg>".encode()),
    )),
    typed(35, "zip called JSON", "application/json", _zip(), MAIL, want=_REFUSED),
    value(35, "picture in a data URL", "data:image/png;base64," + base64.b64encode(_PNG).decode(),
          Want.REFUSED),
    value(35, "picture in base64", base64.b64encode(_PNG).decode(), Want.REFUSED),
    value(35, "PDF in base64", base64.b64encode(b"%PDF-1.7\n" + MAIL.encode() * 3).decode(),
          Want.REFUSED),
    value(35, "zip in base64", base64.b64encode(_zip()).decode(), Want.REFUSED),
    _json(36, "padding before the value", json.dumps("a." * 200_000 + " " + MAIL), MAIL,
          want=Want.STOPPED),
    _json(36, "padding that is nearly a mail", json.dumps("a" * 300_000 + "@ " + MAIL), MAIL,
          want=Want.STOPPED),
    _json(37, "far into a long text", json.dumps("今天天气很好。" * 5_000 + MAIL), MAIL,
          want=Want.STOPPED),
    _json(37, "behind many fields",
          json.dumps([{"a": "x"}] * 20_000 + [{"z": MAIL}]), MAIL, want=Want.STOPPED),
    typed(120, "gzip body", "application/json", gzip.compress(json.dumps({"m": MAIL}).encode()),
          MAIL, Content_Encoding="gzip"),
    typed(120, "gzip under no coding", "application/json",
          gzip.compress(json.dumps({"m": MAIL}).encode()), want=_REFUSED),
    typed(121, "GraphQL literal", "application/json", json.dumps(
        {"query": f'mutation {{ add(mail: "{MAIL}") {{ id }} }}'}).encode(), MAIL),
    typed(121, "GraphQL block string", "application/json", json.dumps(
        {"query": f'mutation {{ add(note: """call {PHONE}""") {{ id }} }}'}).encode(), PHONE),
    typed(121, "GraphQL comment", "application/json", json.dumps(
        {"query": f"# {MAIL}\n{{ me {{ id }} }}"}).encode(), MAIL),
    typed(121, "GraphQL variable", "application/json", json.dumps(
        {"query": "query($n: String) { u(n: $n) { id } }", "variables": {"username": "xiaoming_88"}}
    ).encode(), "xiaoming_88"),
    typed(122, "JSON-RPC parameters by position", "application/json", json.dumps(
        {"jsonrpc": "2.0", "method": "add", "params": [1, MAIL], "id": PHONE}).encode(), MAIL, PHONE),
    typed(123, "chat: tool call arguments", "application/json", json.dumps(
        {"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"id": "1", "type":
         "function", "function": {"name": "f", "arguments": json.dumps({"username": "xiaoming_88"})
         }}]}]}).encode(), "xiaoming_88"),
    typed(123, "chat: content parts", "application/json", json.dumps(
        {"messages": [{"role": "user", "content": [{"type": "text", "text": f"write to {MAIL}"}]}],
         "user": MAIL, "metadata": {"who": PHONE}}).encode(), MAIL, PHONE),
    typed(124, "mail in an XML attribute", "application/xml", f'<a b="{MAIL}"/>'.encode(), MAIL),
    typed(124, "element per letter", "application/xml",
          "".join(["<a>", *(f"<i>{char}</i>" for char in PHONE), "</a>"]).encode(),
          "<i>8</i><i>0</i><i>0</i><i>1</i>", want=Want.LIMIT),
    typed(125, "tab-separated", "text/tab-separated-values", f"a\tb\n1\t{MAIL}\n".encode(), MAIL),
    typed(125, "delimiter nobody expects", "text/csv", f"a^b\n1^{MAIL}\n".encode(), MAIL),
    typed(126, "form: percent and plus", _FORM, b"a=zhang.san%40example%2Ecom+x", "zhang.san%40"),
    typed(126, "form: semicolon as separator", _FORM, f"a=1;b={MAIL}".encode(), MAIL),
    typed(126, "form: invalid percent", _FORM, f"a=%zz{MAIL}".encode(), MAIL, want=_REFUSED),
    typed(127, "identity number in pinyin key", "application/json",
          json.dumps({"shenfenzheng": ID}).encode(), ID),
    _json(128, "JSON Lines in an array type", f'[1]\n[2, "{MAIL}"]', MAIL, want=_REFUSED),
    typed(128, "lines: one is broken", "application/x-ndjson",
          f'{{"a": 1}}\n{{"m": "{MAIL}"\n'.encode(), MAIL, want=_REFUSED),
    typed(128, "lines: pretty-printed", "application/x-ndjson",
          b'{\n"m": "' + MAIL.encode() + b'"\n}\n', MAIL, want=_REFUSED),
    typed(128, "lines: NEL as an end", "application/x-ndjson",
          f'{{"a": 1}}\u0085{{"m": "{MAIL}"}}'.encode(), MAIL, want=_REFUSED),
    typed(129, "Unicode line separator", "text/plain", f"a\u2028{MAIL}".encode(), MAIL),
]  # fmt: skip
