"""The runtime's limits, with the reason of each. What depends on a protocol's state is the session's own."""

# Octets taken from a client while its request is being answered. Clients pipeline (mbsync sends hundreds of FETCH and
# STORE lines ahead) and may not read before they have written: up to here we read on, so neither side waits for ever.
INPUT_AHEAD = 256 * 1024
# Octets that a framer is fed in one go without a request coming of them, before others have their turn: what a client
# compressed may be a thousand times what it sent.
FED_AT_ONCE = 1024 * 1024
# Octets in the transport's buffer above which nothing more is produced for a client that reads slowly.
OUTPUT_AHEAD = 256 * 1024
# Octets of a large answer made in one turn of a database thread: large enough to hide the switch, small enough that
# other connections get the thread and that a slow reader costs little memory.
OUTPUT_BATCH = 256 * 1024
# Seconds and requests that one connection may keep a database thread, or the loop, before others have their turn.
TURN_SECONDS = 0.1
TURN_REQUESTS = 256
# Database threads of a mail worker. SQLite writes one at a time and reads are short; more threads only add switching.
DATABASE_THREADS = 12
# Seconds of rest after which a thread asks its database connection whether it still lives.
HEALTH_CHECK_AFTER = 5.0

# Seconds for a TLS handshake; a mail client on a bad mobile network needs some, a scanner that hangs gets no more.
HANDSHAKE_SECONDS = 30.0
# Seconds a client may leave our output unread before we hang up; RFC 5321 section 4.5.3.2 gives 3 minutes to a block.
WRITE_SECONDS = 180.0
# Seconds between our last words and the hard end of a connection whose client does not take them.
CLOSE_SECONDS = 10.0
# Seconds over which Session.minimum_rate is averaged: a mobile that changes its cell recovers in less.
RATE_WINDOW = 30.0
# Seconds that a stopping service gives requests under way; systemd and Docker kill after 90 and 10 by default.
STOP_SECONDS = 8.0

# Connections the kernel may hold until we accept them (capped by net.core.somaxconn).
BACKLOG = 1024
# Silence on a TCP connection after which the kernel probes it, so that clients that vanished from IDLE are noticed
# (RFC 2177 lets them be silent for 29 minutes).
KEEPALIVE_AFTER = 300
# Connections accepted in one turn of the loop, so that a flood of new clients does not starve those already here.
ACCEPTS_AT_ONCE = 64
# Seconds without accepting after the process ran out of file descriptors or memory.
ACCEPT_PAUSE = 1.0
