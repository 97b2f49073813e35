"""Any bytes: nothing raises, fragments are valid IMAP, offsets stay inside, what is stored comes back."""

import email
import email.policy

from hypothesis import given, settings
from hypothesis import strategies as st

from mailformat import addresses, dates, headers, mime, parameters, utf7
from mailformat.addresses import Mailbox
from mailformat.compose import Attachment, Draft, build
from mailformat.sections import SectionSpec, section
from mailformat.summary import summarize
from tests.unit.mailformat.imapreader import read

# Pieces that mean something to the parsers, between random octets.
PIECES = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\r\n\r\n",
    b" ",
    b"\t",
    b":",
    b";",
    b",",
    b"<",
    b">",
    b"@",
    b'"',
    b"\\",
    b"(",
    b")",
    b"=",
    b"?",
    b"\0",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b'Content-Type: multipart/alternative; boundary="b b"\r\n',
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%c3; filename*1=x\r\n",
    b"\r\n--b\r\n",
    b"\r\n--b--\r\n",
    b"\r\n--b b\r\n",
    b"--b",
    b"From: a <b@c>\r\n",
    b"To: g: a@b, c;\r\n",
    b"Subject: =?utf-8?q?=C3?=",
    b"=?utf-8?b?w6k?=",
    b"=?",
    b"?=",
    b"Date: Mon, 23 Nov 2026 08:00:00 +0000\r\n",
    b"Message-ID: <a@b>\r\n",
    b"References: <a@b> <c\r\n",
    b"Content-Language: fr, en\r\n",
    b"Content-ID: <x>\r\n",
    b"begin 644 a\r\n",
    "é".encode(),
    b"\xe9",
    b"&AOk-",
]
octets = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=60).map(b"".join)
texts = st.text(max_size=80)


@settings(max_examples=400, deadline=None)
@given(octets)
def test_summarize_never_raises_and_fragments_are_valid(data):
    summary = summarize(data)
    assert summary.size == len(data)
    assert len(read(summary.envelope)) == 10
    read(summary.body)
    read(summary.bodystructure)
    for text in (
        summary.subject,
        summary.sender,
        summary.sender_address,
        summary.recipients,
        summary.preview,
        summary.message_id,
    ):
        assert "\x00" not in text and "\n" not in text
        text.encode("utf-8")  # no lone surrogates: databases refuse them
    assert len(summary.preview) <= 250


@settings(max_examples=300, deadline=None)
@given(octets)
def test_tree_stays_inside_and_comes_back(data):
    root = mime.scan(data)
    assert mime.load(mime.dump(root)) == root
    assert (root.header_start, root.end) == (0, len(data))
    for part in root.walk():
        assert part.header_start <= part.body_start <= part.end
        below = [*part.children, *([part.message] if part.message else [])]
        for child in below:
            assert part.body_start <= child.header_start and child.end <= part.end
        for before, after in zip(part.children, part.children[1:], strict=False):
            assert before.end <= after.header_start
        assert len(mime.decoded(data, part)) <= max(part.size, 1) * 2
        mime.text_of(data, part)


@settings(max_examples=300, deadline=None)
@given(octets, st.sampled_from(["", "1", "2", "1.1", "1.2", "1.1.1"]), st.sampled_from(["", "HEADER", "TEXT", "MIME"]))
def test_sections_are_stretches_of_the_message(data, number, text):
    found = section(data, mime.scan(data), SectionSpec(number, text))
    assert found is None or found in data


@settings(max_examples=300, deadline=None)
@given(octets)
def test_headers_split_and_come_together(data):
    header = data[: mime.scan(data).body_start]
    fields = headers.fields(header)
    covered = b"".join(header[field.start : field.end] for field in fields)
    assert header.startswith(covered)
    assert header[len(covered) :] in (b"", b"\r\n", b"\n")
    kept = headers.subset(header, [b"from", b"to"])
    rest = headers.subset(header, [b"from", b"to"], invert=True)
    assert kept.endswith(b"\r\n") and rest.endswith(b"\r\n")
    names = {b"from", b"to", b"subject"}
    found = headers.collect(header, names)
    for name in names:
        assert len(found.get(name, [])) == len(headers.all_values(header, name.decode()))


@settings(max_examples=400, deadline=None)
@given(octets)
def test_field_parsers_never_raise(data):
    addresses.parse_list(data)
    parameters.decoded(parameters.parse(data)[1])
    dates.parse(data)
    assert "\x00" not in headers.decode(data)
    headers.decode(data).encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_utf7_round_trip(name):
    wire = utf7.encode(name)
    assert wire.isascii()
    assert utf7.decode(wire) == name


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=20), st.text("&-AOk,/+é\u00e9", max_size=12).map(lambda text: text.encode())))
def test_utf7_names_are_unique(wire):
    try:
        name = utf7.decode(wire)
    except utf7.BadUtf7:
        return
    assert utf7.encode(name) == wire


mailboxes = st.builds(
    Mailbox, texts, st.text(min_size=1, max_size=20), st.sampled_from(["mondomaine.fr", "x.org", "exämple.org"])
)
files = st.builds(
    Attachment,
    texts,
    st.sampled_from(["image/png", "text/plain", "message/rfc822", "", "junk"]),
    st.binary(max_size=200),
    st.sampled_from(["", "a@b"]),
)


@settings(max_examples=200, deadline=None)
@given(mailboxes, st.lists(mailboxes, max_size=3), texts, texts, st.none() | texts, st.lists(files, max_size=3))
def test_composed_messages_are_well_formed(sender, to, subject, text, html, attachments):
    data = build(Draft(sender, tuple(to), subject=subject, text=text, html=html, attachments=tuple(attachments)))
    assert b"\n" not in data.replace(b"\r\n", b"") and b"\r" not in data.replace(b"\r\n", b"")
    assert b"\0" not in data
    assert max(map(len, data.split(b"\r\n"))) <= 998
    parsed = email.message_from_bytes(data, policy=email.policy.compat32)
    kinds = [part.content_type for part in mime.scan(data).walk()]
    assert kinds == [part.get_content_type() for part in parsed.walk()]
    read(summarize(data).bodystructure)
