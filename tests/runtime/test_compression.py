"""DEFLATE between socket and framer: both ways, flushed, bounded, and ended (RFC 4978, RFC 8437)."""

import socket
import zlib

import pytest

from protocols.runtime import compression, limits
from protocols.runtime.compression import BadStream, Deflater, Inflater
from protocols.runtime.layer import Layer
from tests.runtime.echo import read_all, read_line, serving, wait_for

FLUSHES = [zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH]


class Client:
    """The other side: compresses what it sends, reads what it gets octet by octet."""

    opened = []

    def __init__(self, served, *, behind=b""):
        self.socket = served.connect()
        self.opened.append(self.socket)
        assert read_line(self.socket) == b"hello clear\r\n"
        self.deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.inflater = zlib.decompressobj(-15)
        self.got = b""
        self.socket.sendall(b"compress\r\n" + (self.packed(behind) if behind else b""))
        assert read_line(self.socket) == b"go\r\n"

    def packed(self, data, flush=zlib.Z_SYNC_FLUSH):
        return self.deflater.compress(data) + self.deflater.flush(flush)

    def send(self, data, flush=zlib.Z_SYNC_FLUSH):
        self.socket.sendall(self.packed(data, flush))

    def line(self):
        while b"\n" not in self.got and not self.inflater.eof:
            piece = self.socket.recv(65536)
            if not piece:
                break
            self.got += self.inflater.decompress(piece)
        line, end, self.got = self.got.partition(b"\n")
        return line + end


@pytest.fixture
def served():
    with serving() as running:
        yield running
        while Client.opened:
            Client.opened.pop().close()


@pytest.mark.parametrize("flush", FLUSHES)
def test_both_ways_and_flushed_after_each_reply(served, flush):
    client = Client(served)
    for number in range(20):
        client.send(b"echo %d\r\ninline %d\r\n" % (number, number), flush)
        assert [client.line(), client.line()] == [b"echo %d\r\n" % number, b"inline %d\r\n" % number]


def test_one_octet_at_a_time(served):
    client = Client(served)
    client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for octet in client.packed(b"echo a\r\ninline b\r\nquit\r\n"):
        client.socket.send(bytes([octet]))
    assert [client.line() for _ in range(4)] == [b"echo a\r\n", b"inline b\r\n", b"bye\r\n", b""]


def test_what_came_behind_the_request_is_compressed_too(served):
    client = Client(served, behind=b"echo early\r\n")
    assert client.line() == b"echo early\r\n"


def test_a_large_answer_shrinks_and_is_whole(served):
    client = Client(served)
    client.send(b"large 40 200000\r\nquit\r\n")
    received = bytearray(client.socket.recv(65536))
    while piece := client.socket.recv(65536):
        received += piece
    data = client.inflater.decompress(bytes(received))
    assert data == b"large\r\n" + b"x" * 8_000_000 + b"\r\nbye\r\n"
    assert len(received) < 200_000


def test_a_large_request_grows_in_pieces(served):
    client = Client(served)
    client.send(b"echo " + b"y" * 3_000_000 + b"\r\n")  # more than is fed in one go
    assert client.line() == b"echo " + b"y" * 3_000_000 + b"\r\n"


def test_pipelined_while_the_session_is_busy(served):
    client = Client(served)
    client.send(b"block\r\n")
    wait_for(lambda: len(served.sessions[0].threads) == 2)
    for number in range(200):
        client.send(b"echo %d\r\n" % number)
    served.gate.set()
    assert client.line() == b"unblocked\r\n"
    assert [client.line() for _ in range(200)] == [b"echo %d\r\n" % number for number in range(200)]


def test_a_wake_up_is_compressed(served):
    client = Client(served)
    client.send(b"watch 7\r\n")
    assert [client.line(), client.line()] == [b"watching\r\n", b"woken\r\n"]


def test_what_is_no_stream_ends_the_connection_in_words(served, caplog):
    client = Client(served)
    client.socket.sendall(b"echo in the clear\r\n")
    assert client.line() == b"unreadable\r\n"
    assert client.line() == b""
    wait_for(lambda: served.sessions[0].ended == 1)
    assert "Traceback" not in caplog.text
    assert served.sessions[0].threads == ["test-loop"]  # of "compress": nothing else was carried out


def test_octets_behind_the_end_of_the_stream(served):
    client = Client(served)
    client.send(b"echo last\r\n", zlib.Z_FINISH)
    assert client.line() == b"echo last\r\n"
    client.socket.sendall(b"\xff")
    assert client.line() == b"unreadable\r\n"


def test_a_connection_lost_in_mid_stream_carries_nothing_out(served):
    client = Client(served)
    whole = client.packed(b"echo " + bytes(range(32, 127)) * 5 + b"\r\n")
    client.socket.sendall(whole[: len(whole) // 2])
    client.socket.shutdown(socket.SHUT_WR)
    assert client.line() == b"echo \r\n"  # all that the echo framer says of a line that was cut
    client.socket.close()
    wait_for(lambda: served.sessions[0].ended == 1)
    with served.connect() as other:
        assert read_line(other) == b"hello clear\r\n"


def test_a_lost_connection_in_a_large_answer(served):
    client = Client(served)
    client.send(b"large 1000 200000\r\n")
    client.socket.recv(1000)
    client.socket.close()
    wait_for(lambda: served.sessions[0].ended == 1)
    assert served.sessions[0].pulled < 1000


def test_a_stop_says_farewell_in_the_stream(served):
    client = Client(served)
    done = served.stop()
    assert client.line() == b"farewell\r\n"
    done.result(5)


@pytest.mark.parametrize("flush", [zlib.Z_SYNC_FLUSH, zlib.Z_FINISH])
def test_the_layer_ends_and_the_clear_goes_on(served, flush):
    client = Client(served)
    client.socket.sendall(client.packed(b"plain\r\n", flush) + b"echo clear\r\n")
    assert client.line() == b"as before\r\n"
    assert client.inflater.eof
    rest = client.inflater.unused_data
    while not rest.endswith(b"echo clear\r\n"):
        rest += client.socket.recv(100)
    client.socket.sendall(b"compress\r\n")
    assert read_line(client.socket) == b"go\r\n"
    client.deflater, client.inflater = zlib.compressobj(1, zlib.DEFLATED, -15), zlib.decompressobj(-15)
    client.send(b"quit\r\n")
    assert client.line() == b"bye\r\n"


@pytest.mark.parametrize("ending", ["flush", "finish", "flush, then finish"])
@pytest.mark.parametrize("step", [1, 2, 3, 1000])
def test_where_the_layer_ends_however_it_is_cut(ending, step):
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    wire = deflater.compress(b"one\r\n") + deflater.flush(zlib.Z_SYNC_FLUSH) + deflater.compress(b"end\r\n")
    if ending != "finish":
        wire += deflater.flush(zlib.Z_SYNC_FLUSH)
    if ending != "flush":
        wire += deflater.flush(zlib.Z_FINISH)
    wire += b"clear"
    layer, got, ended = Layer(), b"", False
    layer._inflater = Inflater()
    for at in range(0, len(wire), step):
        layer.hold(wire[at : at + step])
        while piece := layer.take():
            got += piece
            if got.endswith(b"end\r\n") and not ended:
                ended = True
                layer.end_inflating()
    assert got == b"one\r\nend\r\nclear"
    assert not layer.compressed


def test_a_bomb_is_taken_out_in_pieces_and_ended(monkeypatch):
    monkeypatch.setattr(compression, "BOMB_OCTETS", 2_000_000)
    inflater = Inflater()
    inflater.hold(zlib.compressobj(9, zlib.DEFLATED, -15).compress(b"\0" * 50_000_000))
    taken = 0
    with pytest.raises(BadStream, match="grows without end"):
        while piece := inflater.next_piece():
            assert len(piece) <= compression.PIECE
            taken += len(piece)
    assert taken <= 2_000_000


def test_much_honest_mail_is_no_bomb(monkeypatch):
    monkeypatch.setattr(compression, "BOMB_OCTETS", 200_000)
    text = b"".join(b"line %d of a letter\r\n" % number for number in range(50_000))
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    inflater = Inflater()
    inflater.hold(deflater.compress(text) + deflater.flush(zlib.Z_SYNC_FLUSH))
    assert b"".join(iter(inflater.next_piece, b"")) == text


def test_each_request_starts_the_count_anew(monkeypatch):
    monkeypatch.setattr(compression, "BOMB_OCTETS", 100_000)
    deflater, inflater = zlib.compressobj(6, zlib.DEFLATED, -15), Inflater()
    for _ in range(20):
        inflater.hold(deflater.compress(b"z" * 90_000) + deflater.flush(zlib.Z_SYNC_FLUSH))
        assert sum(map(len, iter(inflater.next_piece, b""))) == 90_000
        inflater.request_came()


def test_a_bomb_on_the_wire_leaves_others_their_turn(served, monkeypatch):
    monkeypatch.setattr(compression, "BOMB_OCTETS", 8 * limits.FED_AT_ONCE)
    client = Client(served)
    client.send(b"echo " + b"b" * 40_000_000)  # and no line's end
    assert client.line() == b"unreadable\r\n"
    with served.connect() as other:
        other.sendall(b"quit\r\n")
        assert read_all(other) == b"hello clear\r\nbye\r\n"


def test_a_deflater_ends_its_stream_when_told():
    deflater, inflater = Deflater(), zlib.decompressobj(-15)
    assert inflater.decompress(deflater.pack(b"one")) == b"one"
    assert deflater.pack(b"") == b""
    assert inflater.decompress(deflater.pack(b"two", last=True) + b"clear") == b"two"
    assert inflater.eof and inflater.unused_data == b"clear"
