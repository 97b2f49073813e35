"""Parameters of Content-Type and Content-Disposition (RFC 2045, 2231)."""

import time

import pytest

from mailformat import parameters


@pytest.mark.parametrize(
    ("value", "main", "expected"),
    [
        (b"text/plain", b"text/plain", {}),
        (b"text/plain; charset=utf-8", b"text/plain", {"charset": "utf-8"}),
        (b"text/plain; charset=us-ascii (Plain text)", b"text/plain", {"charset": "us-ascii"}),  # RFC 2045 section 5.1
        (b'a/b; Name="x;y=\\"z\\""', b"a/b", {"name": 'x;y="z"'}),
        (b"a/b;; x=1;;y = 2 ;", b"a/b", {"x": "1", "y": "2"}),
        (b'a/b; name="not closed', b"a/b", {"name": "not closed"}),
        (b"a/b; name=my holiday (1).pdf; x=y", b"a/b", {"name": "my holiday (1).pdf", "x": "y"}),
        (b'a/b; name="=?utf-8?q?=C3=A9t=C3=A9?=.txt"', b"a/b", {"name": "été.txt"}),
        (b"attachment; filename*=UTF-8''%c3%a9t%c3%a9.txt", b"attachment", {"filename": "été.txt"}),
        (b"attachment; filename*=iso-8859-1'fr'%e9t%e9", b"attachment", {"filename": "été"}),
        (b"x; filename=\"e.txt\"; filename*=utf-8''%c3%a9.txt", b"x", {"filename": "é.txt"}),
        (b"x; f*1=b; f*0=a; f*2=c", b"x", {"f": "abc"}),
        (b"x; f*0*=utf-8''%c3%a9%20; f*1=100%; f*2*=%21", b"x", {"f": "é 100%!"}),
        (b"x; f*=utf-8''%c3%a9%c3", b"x", {"f": "é\ufffd"}),
        ('x; f="été"'.encode(), b"x", {"f": "été"}),
        (b"; a=b", b"", {"a": "b"}),
        (b"", b"", {}),
    ],
)
def test_parse(value, main, expected):
    parsed_main, given = parameters.parse(value)
    assert parsed_main == main
    assert parameters.decoded(given) == expected


@pytest.mark.parametrize(
    "value",
    [
        b";" * 200_000,
        b"; " * 100_000,
        b'; a="' * 50_000,
        b"; a*0=x" * 50_000,
        b"(" * 100_000,
        b"; a=" + b" (" * 100_000,
        b"; a" + b" " * 200_000,
    ],
)
def test_junk_is_quick(value):
    start = time.process_time()
    parameters.decoded(parameters.parse(value)[1])
    assert time.process_time() - start < 2
