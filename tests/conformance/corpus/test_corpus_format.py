"""Every message of the corpus against the recorded answers of Dovecot, at the level of mailformat."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pytest

from mailformat import mime
from mailformat.sections import SectionSpec, section
from mailformat.summary import summarize
from tests.conformance.corpus import differences
from tests.unit.mailformat.imapreader import read

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus"
_RECORDED = CORPUS / "dovecot-answers.json"
ANSWERS = json.loads(_RECORDED.read_text("utf-8")) if _RECORDED.exists() else {}

pytestmark = pytest.mark.skipif(not ANSWERS, reason="the corpus lies beside the project, not in it")


@cache
def wire_form(name: str) -> bytes:
    return re.sub(rb"\r?\n", b"\r\n", (CORPUS / "messages" / name).read_bytes())


def as_recorded(value):
    """Our fragment in the form of the recorded answers."""
    if isinstance(value, list):
        return [as_recorded(item) for item in value]
    if value is None:
        return "NIL"
    return str(value) if isinstance(value, int) else value.decode("utf-8", "surrogateescape")


def without_placeholders(value):
    """Dovecot puts words where part of an address is missing; ours is "", NIL is for groups (RFC 3501 7.4.2)."""
    if isinstance(value, list):
        return [without_placeholders(item) for item in value]
    return "" if value in ("MISSING_DOMAIN", "MISSING_MAILBOX") else value


def folded_names(fields):
    """Parameter names in lower case (RFC 2045 section 5.1: they match in any case)."""
    if not isinstance(fields, list):
        return fields
    return [item.lower() if index % 2 == 0 else item for index, item in enumerate(fields)]


def folded(body):
    """A BODYSTRUCTURE with types, encodings, dispositions and parameter names in lower case."""
    if isinstance(body[0], list):
        count = next(index for index, item in enumerate(body) if not isinstance(item, list))
        subtype, parameters, *extension = body[count:]
        parts = [folded(part) for part in body[:count]]
        return [*parts, subtype.lower(), folded_names(parameters), *folded_disposition(extension, 0)]
    kind, subtype, parameters, cid, description, encoding, *rest = body
    kind, subtype = kind.lower(), subtype.lower()
    parameters = sorted_pairs(folded_names(parameters))
    at = {"text": 3}.get(kind, 2)
    if (kind, subtype) == ("message", "rfc822"):
        rest = [rest[0], without_placeholders(rest[1]), folded(rest[2]), *rest[3:]]
        at = 5
    return [kind, subtype, parameters, cid, description, encoding.lower(), *folded_disposition(rest, at)]


def sorted_pairs(fields):
    return sorted(zip(fields[::2], fields[1::2], strict=True)) if isinstance(fields, list) else fields


def folded_disposition(extension, at):
    if isinstance(extension[at], list):
        kind, parameters = extension[at]
        extension = [*extension[:at], [kind.lower(), folded_names(parameters)], *extension[at + 1 :]]
    return extension


def compare(name, table, ours, theirs):
    if name in table:
        assert ours != theirs, f"{name} agrees now: take it out of the table ({table[name]})"
    else:
        assert ours == theirs


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_envelope(name):
    ours = as_recorded(read(summarize(wire_form(name)).envelope))
    compare(name, differences.ENVELOPE, without_placeholders(ours), without_placeholders(ANSWERS[name]["ENVELOPE"]))


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_bodystructure(name):
    ours = as_recorded(read(summarize(wire_form(name)).bodystructure))
    compare(name, differences.BODYSTRUCTURE, folded(ours), folded(ANSWERS[name]["BODYSTRUCTURE"]))


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_size_and_octets(name):
    data = wire_form(name)
    summary = summarize(data)
    assert str(summary.size) == ANSWERS[name]["RFC822.SIZE"]
    root = mime.load(summary.structure)
    digests = {
        item: hashlib.md5(section(data, root, SectionSpec(text=text))).hexdigest()
        for item, text in (("BODY[]", ""), ("BODY[HEADER]", "HEADER"), ("BODY[TEXT]", "TEXT"))
    }
    compare(name, differences.OCTETS, digests, {item: ANSWERS[name][item] for item in digests})
    assert section(data, root, SectionSpec(text="HEADER")) == data[: summary.header_size]


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_body_is_bodystructure_without_extension(name):
    summary = summarize(wire_form(name))
    assert read(summary.body) == without_extension(read(summary.bodystructure))


def without_extension(body):
    """RFC 3501 section 7.4.2: BODY is BODYSTRUCTURE without the extension data."""
    if isinstance(body[0], list):
        count = next(index for index, item in enumerate(body) if not isinstance(item, list))
        return [*[without_extension(part) for part in body[:count]], body[count]]
    if body[:2] == [b"message", b"rfc822"]:
        return [*body[:8], without_extension(body[8]), body[9]]
    return body[:8] if body[0] == b"text" else body[:7]


def test_the_tables_name_files_of_the_corpus():
    for table in (differences.ENVELOPE, differences.BODYSTRUCTURE, differences.OCTETS):
        assert set(table) <= set(ANSWERS)
