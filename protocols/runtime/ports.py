"""Listening sockets, and the reason in plain words when there can be none."""

import errno
import ipaddress
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

from protocols.runtime import limits
from protocols.runtime.problems import CannotListen, Problem, unknown_owner

_LISTEN = "0A"  # the state's number in /proc/net/tcp


def open_sockets(addresses: Iterable[str], port: int) -> list[socket.socket]:
    """Bind and listen on `port` at each address; CannotListen if one of them fails, and then none stays open."""
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            sockets.append(_open(address, port))  # noqa: PERF401 - what was opened before a failure must be closed
    except BaseException:
        close(sockets)
        raise
    return sockets


def close(sockets: Iterable[socket.socket]) -> None:
    """Close all of them."""
    for each in sockets:
        each.close()


def _open(address: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise CannotListen(Problem("bad_port", {"port": port}))
    try:
        version = ipaddress.ip_address(address.split("%")[0]).version
    except ValueError:
        raise CannotListen(Problem("bad_address", {"address": address})) from None
    listening = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if version == 6:
            # "::" beside "0.0.0.0" must not collide with it.
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Accepted sockets inherit these.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, limits.KEEPALIVE_AFTER)
        listening.bind((address, port))
        listening.listen(limits.BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise CannotListen(_explain(error, address, port)) from error
    return listening


def _explain(error: OSError, address: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem("in_use", {"port": port, "owner": owner_of(port) or unknown_owner()})
    if error.errno in (errno.EACCES, errno.EPERM):
        return Problem("not_permitted", {"port": port, "program": os.path.realpath(sys.executable)})
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENODEV):
        return Problem("no_such_address", {"address": address})
    return Problem("system", {"error": os.strerror(error.errno) if error.errno else str(error)})


def owner_of(port: int) -> str:
    """Who listens on a TCP port, as "NAME (process 812)"; "" when the system does not tell."""
    inodes = set(_listening_inodes(port))
    if not inodes:
        return ""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(descriptor) in wanted for descriptor in _descriptors(process)):
                name = (process / "comm").read_text().strip()
                return f"{name} (process {process.name})"
        except OSError:
            continue  # it ended, or is not ours to see
    return ""


def _descriptors(process: Path) -> Iterable[str]:
    folder = process / "fd"
    for name in os.listdir(folder):
        yield f"{folder}/{name}"


def _listening_inodes(port: int) -> Iterable[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if columns[3] == _LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                yield columns[9]
