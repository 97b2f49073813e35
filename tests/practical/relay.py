"""A relay between a client and a service: what it passes on is kept, to tell what a client really sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Relay:
    """One listening port; any number of connections, their octets in two heaps."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.sent = bytearray()  # by clients
        self.received = bytearray()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open += [client, server]
            for source, sink, heap in ((client, server, self.sent), (server, client, self.received)):
                threading.Thread(target=self._pass_on, args=(source, sink, heap), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, heap: bytearray) -> None:
        try:
            while data := source.recv(65536):
                heap += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one side is gone: the other notices by itself

    def close(self) -> None:
        for each in (self._listening, *self._open):
            each.close()


@contextmanager
def relay(target: int) -> Iterator[Relay]:
    """A relay to a port of this machine."""
    passing = Relay(target)
    try:
        yield passing
    finally:
        passing.close()
