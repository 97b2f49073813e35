"""STARTTLS, implicit TLS, and what may go wrong before either is done."""

import asyncio
import socket
import ssl

import pytest

from tests.runtime.certificates import make_chain, make_context, trusting_client
from tests.runtime.echo import EchoSession, LineFramer, read_all, read_line, serving, wait_for


@pytest.fixture
def context(tmp_path):
    return make_context(tmp_path)


@pytest.fixture(params=["uvloop", "asyncio"])
def loop_option(request):
    return {} if request.param == "uvloop" else {"loop": asyncio.new_event_loop()}


def test_starttls_then_encrypted_requests(context, loop_option):
    with serving(tls=lambda: context, **loop_option) as served, served.connect() as client:
        assert read_line(client) == b"hello clear\r\n"
        client.sendall(b"starttls\r\n")
        assert read_line(client) == b"go\r\n"
        with trusting_client().wrap_socket(client) as secret:
            secret.sendall(b"echo a\r\nquit\r\n")
            assert read_all(secret) == b"echo a\r\nbye\r\n"
        tls = served.sessions[0].peer.tls
        assert tls.version == "TLSv1.3"
        assert tls.bits >= 128


def test_what_was_pipelined_behind_starttls_is_dropped(context, loop_option):
    """RFC 3207 section 6: the same packet carries a command an attacker wants to be taken for an encrypted one."""
    with serving(tls=lambda: context, **loop_option) as served, served.connect() as client:
        read_line(client)
        client.sendall(b"starttls\r\necho injected\r\n")
        assert read_line(client) == b"go\r\n"
        with trusting_client().wrap_socket(client) as secret:
            secret.sendall(b"echo mine\r\nquit\r\n")
            assert read_all(secret) == b"echo mine\r\nbye\r\n"


def test_half_a_line_in_the_clear_does_not_begin_an_encrypted_one(context):
    with serving(tls=lambda: context) as served, served.connect() as client:
        read_line(client)
        client.sendall(b"starttls\r\necho inj")
        assert read_line(client) == b"go\r\n"
        with trusting_client().wrap_socket(client) as secret:
            secret.sendall(b"echo mine\r\nquit\r\n")
            assert read_all(secret) == b"echo mine\r\nbye\r\n"


def test_a_session_that_keeps_its_framer_is_hung_up_on(context, caplog):
    session = {"starttls_done": lambda self, tls: None}
    with serving(tls=lambda: context, session=session) as served, served.connect() as client:
        read_line(client)
        client.sendall(b"starttls\r\necho injected\r\n")
        assert read_line(client) == b"go\r\n"
        with trusting_client().wrap_socket(client) as secret:
            assert read_all(secret) == b"try later\r\n"
    assert "kept the framer" in caplog.text


def test_implicit_tls(context, loop_option):
    with serving(tls=lambda: context, implicit_tls=True, **loop_option) as served, served.connect() as client:
        with trusting_client().wrap_socket(client) as secret:
            assert read_line(secret) == b"hello TLSv1.3\r\n"
            secret.sendall(b"large 50 100000\r\nquit\r\n")
            assert read_all(secret) == b"large\r\n" + b"x" * 5_000_000 + b"\r\nbye\r\n"
        wait_for(lambda: served.sessions[0].ended == 1)


def test_no_tls_at_all_on_a_tls_port_is_survived(context, loop_option):
    with serving(tls=lambda: context, implicit_tls=True, **loop_option) as served:
        with served.connect() as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            read_all(client)
        wait_for(lambda: served.listener.connections == 0)
        with served.connect() as client, trusting_client().wrap_socket(client) as secret:
            assert read_line(secret) == b"hello TLSv1.3\r\n"


def test_broken_handshake_after_starttls_ends_the_session(context, loop_option):
    with serving(tls=lambda: context, **loop_option) as served:
        with served.connect() as client:
            read_line(client)
            client.sendall(b"starttls\r\n")
            assert read_line(client) == b"go\r\n"
            client.sendall(b"this is no ClientHello\r\n" * 10)
            read_all(client)
        wait_for(lambda: served.listener.connections == 0 and served.sessions[0].ended == 1)


def test_a_handshake_that_hangs_is_cut_and_counted(context, monkeypatch):
    from protocols.runtime import limits

    monkeypatch.setattr(limits, "HANDSHAKE_SECONDS", 0.3)
    with serving(tls=lambda: context, implicit_tls=True) as served, served.connect() as client:
        wait_for(lambda: served.listener.connections == 1)
        assert read_all(client) == b""
        wait_for(lambda: served.listener.connections == 0)


def test_certificate_changes_under_a_running_listener(tmp_path):
    """The listener keeps its context; what is loaded into it is shown to the next client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_chain(tmp_path, "old.mondomaine.fr"))
    with serving(tls=lambda: context, implicit_tls=True) as served:
        old = _certificate(served)
        context.load_cert_chain(make_chain(tmp_path, "new.mondomaine.fr"))
        new = _certificate(served)
    assert old != new
    assert b"old.mondomaine.fr" in old
    assert b"new.mondomaine.fr" in new


def _certificate(served) -> bytes:
    with served.connect() as client, trusting_client().wrap_socket(client) as secret:
        assert read_line(secret).startswith(b"hello TLS")
        return secret.getpeercert(binary_form=True)


def test_a_session_without_starttls_says_so():
    class Plain(EchoSession):
        starttls_done = EchoSession.__mro__[1].starttls_done

    session = Plain.__new__(Plain)
    session.framer = LineFramer()
    with pytest.raises(RuntimeError):
        session.starttls_done(None)


def test_tls_client_that_vanishes_without_goodbye(context):
    with serving(tls=lambda: context, implicit_tls=True) as served:
        client = served.connect()
        secret = trusting_client().wrap_socket(client)
        read_line(secret)
        secret.shutdown(socket.SHUT_RDWR)
        secret.close()
        wait_for(lambda: served.sessions[0].ended == 1)
