"""Reasons in words, and sockets that open or say why not."""

import os
import socket

import pytest
from django.utils import translation

from protocols.runtime import ports
from protocols.runtime.problems import TEXTS, CannotListen, Problem, load

VALUES = {"port": 25, "owner": "master (process 812)", "program": "/usr/bin/python3", "address": "192.0.2.1"} | {
    "error": "x",
    "seconds": 3,
}


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_problem_reads_as_a_sentence_and_survives_the_database(code):
    problem = Problem(code, VALUES)
    assert load(problem.dump()) == problem
    for language in ("en", "fr"):
        with translation.override(language):
            assert "%(" not in str(problem)
            assert len(str(problem)) > 20


@pytest.mark.parametrize("text", ["", "plain words", "[]", '{"no": "code"}', '{"code": "of another version"}'])
def test_what_is_no_problem_is_none(text):
    assert load(text) is None


def test_a_socket_listens_where_it_was_asked_to():
    [listening] = ports.open_sockets(["127.0.0.1"], 0)
    with listening:
        port = listening.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        assert listening.getblocking() is False


def test_port_in_use_names_this_process():
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(CannotListen) as caught:
            ports.open_sockets(["127.0.0.1"], port)
    assert caught.value.problem.code == "in_use"
    assert f"(process {os.getpid()})" in str(caught.value.problem)


def test_nothing_stays_open_when_one_address_fails():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(CannotListen) as caught:
        ports.open_sockets(["127.0.0.1", "192.0.2.1"], port)
    assert caught.value.problem == Problem("no_such_address", {"address": "192.0.2.1"})
    [again] = ports.open_sockets(["127.0.0.1"], port)
    again.close()


@pytest.mark.parametrize(
    "address, port, code",
    [("localhost", 2525, "bad_address"), ("127.0.0.1", 70_000, "bad_port"), ("", 1, "bad_address")],
)
def test_nonsense_is_told(address, port, code):
    with pytest.raises(CannotListen) as caught:
        ports.open_sockets([address], port)
    assert caught.value.problem.code == code


def test_a_privileged_port_tells_the_cure(monkeypatch):
    """As an unprivileged process would see it: the kernel's own refusal, made by a socket without the right."""
    error = PermissionError(13, "Permission denied")
    problem = ports._explain(error, "0.0.0.0", 25)
    assert problem.code == "not_permitted"
    assert "setcap" in str(problem)
    assert "PORT_OFFSET" in str(problem)


def test_nobody_owns_a_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert ports.owner_of(port) == ""
