"""What the supervisor tells a gunicorn through its environment. No Django: gunicorn's arbiter reads it without."""

SERVICE = "FACTEUR_WEB_SERVICE"  # "http" or "https"
READY_FD = "FACTEUR_READY_FD"  # a pipe that gets an octet once the worker can answer
CONNECTIONS = "FACTEUR_WEB_CONNECTIONS"  # the most at the same time
