"""APOP's digest against RFC 1939 section 7."""

import pytest

from protocols.sasl import ApopProof, apop

STAMP = b"<1896.697170952@dbc.mtview.ca.us>"


def test_the_example_of_the_rfc():
    digest = apop.read_digest("c4c9334bac560ecc979e58001b3e22fb")
    assert digest is not None
    proof = ApopProof("mrose", STAMP, digest)
    assert apop.verify(b"tanstaaf", proof)
    assert not apop.verify(b"tanstaafl", proof)
    assert not apop.verify(b"tanstaaf", ApopProof("mrose", STAMP + b" ", digest))


@pytest.mark.parametrize("text", ["", "c4c9", "x" * 32, "c4c9334bac560ecc979e58001b3e22f ", "é" * 32])
def test_what_is_no_digest(text):
    assert apop.read_digest(text) is None


def test_a_timestamp_is_a_msg_id_and_new_each_time():
    assert apop.timestamp("abc", "mail.example") == b"<abc@mail.example>"
