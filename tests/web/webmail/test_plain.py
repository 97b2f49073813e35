"""Plain text: links, quotes, signatures, format=flowed (RFC 3676)."""

from webmail.bodies.plain import blocks_of, linkified, unflow


def kinds(text: str) -> list[tuple[str, bool]]:
    return [(block.kind, block.folded) for block in blocks_of(text)]


def test_the_last_quote_folds_with_the_line_that_names_its_writer() -> None:
    blocks = blocks_of("Yes\n\nOn Monday, Bob wrote:\n> question\n")
    assert [(block.kind, block.folded) for block in blocks] == [("text", False), ("quote", True)]
    assert str(blocks[0].html) == "Yes"
    assert str(blocks[1].html) == "On Monday, Bob wrote:\nquestion"


def test_quotes_between_answers_stay_open() -> None:
    assert kinds("> a\n\nyes\n\n> b\n\nno") == [("quote", False), ("text", False), ("quote", False), ("text", False)]
    assert kinds("> only a quote") == [("quote", False)]


def test_the_signature_stands_apart() -> None:
    assert kinds("Hi\n-- \nBob\nhttps://example.org") == [("text", False), ("signature", False)]


def test_links_end_before_punctuation_and_are_escaped() -> None:
    assert 'href="https://a.example/x_(y)"' in linkified("(https://a.example/x_(y)).")
    assert linkified("<b> & http://a.example/?x=1&y=2,").startswith(
        '&lt;b&gt; &amp; <a href="http://a.example/?x=1&amp;y=2"'
    )
    assert "mailto:bob@a.example" in linkified("to bob@a.example.")
    assert "<a" not in linkified("javascript:alert(1) data:text/html,x")


def test_flowed_lines_are_joined_within_a_quote_depth() -> None:
    assert unflow("a \nb\n\n> c \n> d\n>> e \n f\n-- \nsig") == "a b\n\n> c d\n>> e \nf\n-- \nsig"
    assert unflow("ab \ncd", delsp=True) == "abcd"
