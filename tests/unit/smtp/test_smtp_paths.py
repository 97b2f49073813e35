"""Paths and parameters of RFC 5321 section 4.1.2, and what the long ones are refused with."""

import pytest

from protocols.smtp.wire import limits
from protocols.smtp.wire.commands import Auth, Bdat, Mail, Rcpt, parse
from protocols.smtp.wire.paths import forward_path, reverse_path, split_path
from protocols.smtp.wire.syntax import SmtpSyntaxError


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("alice@mondomaine.fr", "alice@mondomaine.fr"),
        ("a.b+c=d@exemple.org", "a.b+c=d@exemple.org"),
        ('"alice"@mondomaine.fr', "alice@mondomaine.fr"),
        ('"a b"@exemple.org', '"a b"@exemple.org'),
        ('"a\\"b"@exemple.org', '"a\\"b"@exemple.org'),
        ("@x.example,@y.example:a@exemple.org", "a@exemple.org"),
        ("a@[127.0.0.1]", "a@[127.0.0.1]"),
        ("a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]"),
        ("a@localhost", "a@localhost"),
        ("a@under_score.example", None),
        ("a@-x.example", None),
        ("a@x..example", None),
        ("a..b@exemple.org", None),
        (".a@exemple.org", None),
        ("a@", None),
        ("@exemple.org", None),
        ("a b@exemple.org", None),
        ('"a"b@exemple.org', None),
        ("a@[127.0.0.1", None),
        ("@x.example:", None),
    ],
)
def test_paths(text, path):
    if path is None:
        with pytest.raises(SmtpSyntaxError) as caught:
            reverse_path(text)
        assert caught.value.code == 501
    else:
        assert reverse_path(text) == path


def test_the_null_sender_and_the_postmaster():
    assert reverse_path("") == ""
    assert forward_path("PostMaster") == "postmaster"
    with pytest.raises(SmtpSyntaxError):
        forward_path("")


def test_a_bracket_inside_quotes_does_not_end_the_path():
    assert split_path('<"a>b"@exemple.org> SIZE=1') == ('"a>b"@exemple.org', " SIZE=1")


@pytest.mark.parametrize(
    ("local", "domain", "is_legal"),
    [(limits.LOCAL_PART, 20, True), (limits.LOCAL_PART + 1, 20, False), (3, 252, True), (3, 300, False)],
)
def test_lengths_in_octets(local, domain, is_legal):
    name = ".".join(["d" * 60] * (domain // 61)) or "d" * domain
    text = f"{'a' * local}@{name}{'.' + 'd' * (domain - len(name) - 1) if domain > len(name) + 1 else ''}"
    if is_legal:
        assert reverse_path(text) == text
    else:
        with pytest.raises(SmtpSyntaxError, match="too long"):
            reverse_path(text)


def test_parameters_are_kept():
    line = b"MAIL FROM:<a@b.fr> RET=HDRS ENVID=a+2Bb SIZE=12 BODY=7bit SMTPUTF8 AUTH=<>"
    assert parse(line) == Mail("a@b.fr", size=12, body="7BIT", smtputf8=True, ret="HDRS", envid="a+b")
    line = b"RCPT TO:<a@b.fr> NOTIFY=failure,delay ORCPT=rfc822;x+3Dy@c.fr"
    assert parse(line) == Rcpt("a@b.fr", ("FAILURE", "DELAY"), "rfc822;x=y@c.fr")


@pytest.mark.parametrize(
    ("line", "limit"),
    [(b"MAIL FROM:<a@b.fr> ENVID=", limits.MAIL_LINE), (b"RCPT TO:<a@b.fr> ORCPT=x;", limits.RCPT_LINE)],
)
def test_lines_as_long_as_the_extensions_allow(line, limit):
    with pytest.raises(SmtpSyntaxError) as caught:
        parse(line + b"a" * (limit - 2 - len(line)))
    assert caught.value.text != "Line too long"
    with pytest.raises(SmtpSyntaxError, match="Line too long"):
        parse(line + b"a" * (limit - 1 - len(line)))


def test_small_commands():
    assert parse(b"bdat 12 last") == Bdat(12, last=True)
    assert parse(b"AUTH plain =") == Auth("PLAIN", "=")
    with pytest.raises(SmtpSyntaxError):
        parse("BDAT ٣".encode())
