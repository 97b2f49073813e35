"""gunicorn's settings, for HTTP and for HTTPS; runmailservices starts one of each and passes the sockets."""

import os
import ssl
from collections.abc import Callable
from typing import Any

from protocols.runtime import web_environment
from protocols.runtime.process import PARENT_VARIABLE, die_with_parent

# A runmailservices that is killed takes its children along.
die_with_parent()

service = os.environ.get(web_environment.SERVICE, "http")
proc_name = f"facteur-{service}"
worker_class = "protocols.runtime.web_worker.WebWorker"
workers = 1
worker_connections = int(os.environ.get(web_environment.CONNECTIONS, "2000"))
# Seconds: browsers reuse a connection for the next click; SSE streams last as long as they are read.
keepalive = 20
timeout = 60
# A stream of events never ends by itself, so this is what stopping takes while pages are open.
graceful_timeout = 2
# Nobody is in front of us: X-Forwarded-* headers are a stranger's claim.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True
loglevel = "warning"
accesslog = None
errorlog = "-"
if service == "https":
    # gunicorn asks for a file to know that it shall speak TLS; ssl_context below does not read it.
    certfile = __file__


_context: ssl.SSLContext | None = None


def ssl_context(config: Any, default_factory: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """The process's own context; it follows the active certificate by itself."""
    assert _context is not None
    return _context


def post_fork(server: Any, worker: Any) -> None:
    """The worker dies with gunicorn's arbiter, as that dies with us."""
    os.environ.pop(PARENT_VARIABLE, None)
    die_with_parent()


def post_worker_init(worker: Any) -> None:
    """Django is loaded and no event loop runs yet: get the certificate, then tell the supervisor."""
    if service == "https":
        global _context
        from security.tls import server_context

        _context = server_context(purpose="web")
    descriptor = os.environ.pop(web_environment.READY_FD, "")
    if descriptor:
        try:
            os.write(int(descriptor), b"1")
        except OSError:
            pass  # a worker that gunicorn started again; the pipe is closed by now
