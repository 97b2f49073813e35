"""runmailservices as a whole: steering services, telling why they fail, stopping, dying."""

import os
import signal
import socket
import urllib.error
import urllib.request

import pytest

from tests.runtime.certificates import trusting_client
from tests.runtime.echo import read_line
from tests.runtime.running import Server, is_alive, running


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("server")) as server:
        yield server


def _answers(server: Server, port: int) -> bool:
    try:
        with server.connect(port):
            return True
    except OSError:
        return False


def test_table_names_every_service(server):
    said = server.said()
    for title, port in (("SMTP", 25), ("IMAPS", 993), ("POP3", 110), ("HTTPS", 443)):
        assert any(line.split() == [title, f"127.0.0.1:{port + server.offset}"] for line in said.splitlines()), said
    assert f"http://127.0.0.1:{80 + server.offset}/webmail/" in said


@pytest.mark.parametrize("name, port", [("imap", 143), ("http", 80)])
def test_stop_and_start(server, name, port):
    stopped = server.steer(f"stop({name!r})")
    assert (stopped["state"], stopped["listening"], stopped["settled"]) == ("stopped", [], True)
    server.wait_until(lambda: not _answers(server, port))
    server.steer(f"start({name!r})")
    started = server.wait_until(lambda: (view := server.steer(f"get_service({name!r})"))["state"] == "running" and view)
    assert started["listening"] == [f"127.0.0.1:{port + server.offset}"]
    assert _answers(server, port)


def _squat(offset: int) -> socket.socket:
    """A socket of this process that listens on some port above the offset."""
    for port in range(offset + 1100, 65_536):
        squatter = socket.socket()
        try:
            squatter.bind(("127.0.0.1", port))
        except OSError:
            squatter.close()
            continue
        squatter.listen()
        return squatter
    raise AssertionError("no free port")


def test_port_in_use_names_its_owner(server):
    with _squat(server.offset) as squatter:
        taken = squatter.getsockname()[1]
        view = server.steer(f"configure('pop3', port={taken - server.offset})")
        assert view["state"] == "failed"
        assert f"Port {taken} is already in use by" in view["reason"]
        assert f"(process {os.getpid()})" in view["reason"]
        assert not view["listening"]
    # The other program ended: the service comes up by itself, and goes back to its own port.
    server.wait_until(lambda: server.steer("get_service('pop3')")["state"] == "running", 20)
    assert server.steer("configure('pop3', port=110)")["listening"] == [f"127.0.0.1:{110 + server.offset}"]


def test_address_of_another_machine(server):
    view = server.steer("configure('pop3s', addresses=['192.0.2.1'])")
    assert view["state"] == "failed"
    assert view["reason"].startswith("192.0.2.1 is not an address of this machine.")
    assert server.steer("configure('pop3s', addresses=[])")["state"] == "running"


def test_limits_take_effect_without_a_restart(server):
    with server.connect(110) as first:
        assert read_line(first).startswith(b"+OK")
        server.steer("configure('pop3', max_connections=1)")

        def refused() -> bool:
            with server.connect(110) as second:
                return not read_line(second).startswith(b"+OK")

        server.wait_until(refused, 2)
        first.sendall(b"NOOPE\r\n")
        assert read_line(first).startswith(b"-ERR")
    server.steer("configure('pop3', max_connections=100)")


def test_web_pages_over_both_doors(server):
    for scheme, port, options in (("http", 80, {}), ("https", 443, {"context": trusting_client()})):
        url = f"{scheme}://127.0.0.1:{port + server.offset}/webmail/login/"
        with urllib.request.urlopen(url, timeout=20, **options) as response:
            assert response.status == 200
            assert b"<form" in response.read()


def _shown(server: Server, port: int) -> bytes:
    with server.connect(port) as client, trusting_client().wrap_socket(client) as secret:
        return secret.getpeercert(binary_form=True)


def test_a_new_certificate_is_shown_without_a_restart(server):
    before = [_shown(server, port) for port in (993, 443)]
    server.manage("shell", "-v", "0", "-c", "from security import certificates; certificates.issue_certificate()")
    server.wait_until(lambda: all(_shown(server, port) not in before for port in (993, 443)), 2)
    assert _shown(server, 993) == _shown(server, 443)


def test_events_are_for_those_who_are_signed_in(server):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{80 + server.offset}/events", timeout=20)
    caught.value.close()
    assert caught.value.code == 403


def test_forwarded_headers_of_strangers_change_nothing(server):
    """Scheme and address are the connection's own; a client cannot claim to have come by TLS."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{80 + server.offset}/webmail/login/",
        headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Ssl": "on"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        cookies = response.headers.get_all("Set-Cookie") or []
    assert cookies, "the log-in page sets its CSRF cookie"
    assert not any("secure" in cookie.lower().split("; ") for cookie in cookies)


def test_a_crashed_worker_is_started_again(server):
    worker = next(pid for pid in server.descendants() if _command(pid, "mailworker"))
    os.kill(worker, signal.SIGKILL)
    server.wait_until(lambda: "The mail worker ended unexpectedly (signal SIGKILL)" in server.said())

    def back() -> bool:
        return any(pid != worker and _command(pid, "mailworker") for pid in server.descendants())

    server.wait_until(back)
    server.wait_until(lambda: _answers(server, 143), 20)


def _command(pid: int, word: str) -> bool:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as handle:
            return word.encode() in handle.read().split(b"\0")
    except OSError:
        return False


def test_sigterm_says_farewell_and_ends_with_zero(tmp_path):
    with running(tmp_path, "--only", "smtp") as server:
        with server.connect(25) as client:
            assert read_line(client).startswith(b"220 ")
            server.process.send_signal(signal.SIGTERM)
            assert read_line(client).startswith(b"421 ")
        assert server.process.wait(15) == 0
        assert "Traceback" not in server.said()


def test_kill_takes_the_children_along(tmp_path):
    with running(tmp_path, "--only", "imap,http") as server:
        children = server.descendants()
        assert len(children) >= 3  # the mail worker, gunicorn and its worker
        server.process.kill()
        server.process.wait(10)
        server.wait_until(lambda: not any(is_alive(pid) for pid in children))


def test_a_database_without_tables_is_told(tmp_path):
    server = Server(tmp_path)
    with pytest.raises(AssertionError, match=r"manage\.py migrate"):
        server.start()
    assert server.process.returncode == 1
