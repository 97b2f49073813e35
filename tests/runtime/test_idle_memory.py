"""What a connection at rest costs. Idle mail clients are the most numerous of all."""

import socket
import subprocess
import sys

from tests.runtime.echo import serving

CLIENTS = 500
# Measured: 3.2 KiB with a tiny session on 10,000 connections. The bound leaves room for the allocator's mood.
MOST_OCTETS = 40 * 1024

CLIENT = """
import socket, sys
clients = []
for _ in range(int(sys.argv[2])):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    client.recv(100)
    client.sendall(b"echo a\\r\\n")
    client.recv(100)
    clients.append(client)
print("connected", flush=True)
sys.stdin.read()
"""


def _resident() -> int:
    with open("/proc/self/statm") as handle:
        return int(handle.read().split()[1]) * 4096


def test_idle_connections_are_small():
    with serving(max_connections=CLIENTS + 10, max_per_address=CLIENTS + 10) as served:
        with served.connect() as client:
            assert isinstance(client, socket.socket)
            client.recv(100)
        before = _resident()
        command = [sys.executable, "-c", CLIENT, str(served.port), str(CLIENTS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as clients:
            try:
                assert clients.stdout.readline() == b"connected\n"
                assert served.listener.connections >= CLIENTS
                assert (_resident() - before) / CLIENTS < MOST_OCTETS
            finally:
                clients.stdin.close()
                clients.wait(10)
