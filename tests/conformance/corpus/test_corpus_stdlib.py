"""Every message of the corpus that the standard library finds no defect in: the same tree, the same contents."""

import email
import email.policy
import re
from functools import cache

import pytest

from mailformat import mime
from tests.conformance.corpus.test_corpus_format import ANSWERS, wire_form

# The library reads these differently, and the RFC is on our side.
_ONE_DELIMITER_AFTER_ANOTHER = "RFC 2046 5.1.1: each delimiter starts a part, even an empty one"
_JUNK_BEHIND_THE_TYPE = "RFC 2045 section 5.1: the type is a token; what follows it is not part of it"
DIFFERENT = {
    "cpython--msg_37.eml": _ONE_DELIMITER_AFTER_ANOTHER,
    "mailparser--000-df6dea.eml": _ONE_DELIMITER_AFTER_ANOTHER,
    "mime4j--double-bound.eml": _ONE_DELIMITER_AFTER_ANOTHER,
    "enmime--ctype-invalid-characters.eml": _JUNK_BEHIND_THE_TYPE,
    "enmime--mime-bad-content-type.eml": _JUNK_BEHIND_THE_TYPE,
    "enmime--mime-blank-media-name.eml": _JUNK_BEHIND_THE_TYPE,
    "mime4j--twopart.eml": "RFC 2045 section 6.8: junk in base64 is skipped; the library returns it raw",
}


@cache
def by_library(name: str):
    return email.message_from_bytes(wire_form(name), policy=email.policy.compat32)


def is_clean(name: str) -> bool:
    """No defects; and no message/* but rfc822: the library sees parts in all of them."""
    parts = list(by_library(name).walk())
    kinds = {part.get_content_type() for part in parts if part.get_content_maintype() == "message"}
    return kinds <= {"message/rfc822"} and not any(part.defects for part in parts)


@pytest.mark.parametrize("name", sorted(filter(is_clean, ANSWERS)))
def test_same_tree_and_contents(name):
    data = wire_form(name)
    ours, theirs = list(mime.scan(data).walk()), list(by_library(name).walk())
    same = [part.content_type for part in ours] == [part.get_content_type() for part in theirs] and all(
        without_end(mime.decoded(data, our)) == without_end(their.get_payload(decode=True))
        for our, their in zip(ours, theirs, strict=True)
        if not their.is_multipart()
    )
    assert same is (name not in DIFFERENT)


def without_end(content: bytes) -> bytes:
    """Line ends unified, and none at the end: which of them belong to a part is the corpus test's matter."""
    return re.sub(rb"\r\n?", b"\n", content).rstrip(b"\n")
