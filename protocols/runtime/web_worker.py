"""gunicorn's ASGI worker, which closes its sockets at once when told to stop instead of at its next look."""

from gunicorn.workers.gasgi import ASGIWorker


class WebWorker(ASGIWorker):
    """A stop in the console must take effect within a second."""

    def handle_exit_signal(self) -> None:
        for server in self.servers:
            server.close()
        super().handle_exit_signal()
