"""How much of a request is collected, for how long, and on how many connections."""

import resource

HEAD_SECONDS = 5
"""From the acceptance of a connection, or the first byte of a later request, to the end of the
head."""

REQUEST_SECONDS = 10
"""From the same moment to the end of the body."""

LINGER_SECONDS = 2
"""How long a client may take to read the last answer and to close its end (RFC 9112, 9.6)."""

ANSWER_SECONDS = 30
"""How long a client may take to read an answer."""

HEAD_BYTES = 32 * 1024

BODY_BYTES = 64 * 1024
"""A longer body is not collected; the application refuses it by its length."""

MOST_CHUNKS = 128
"""A body in more chunks is refused: framing costs the thread that waits for everybody far more
than data does, and no client cuts so short a body so small."""

RECEIVE_BYTES = 16 * 1024
"""The most that is read from a connection at once, so that none keeps the others waiting."""

UNREAD_BYTES = 1024 * 1024
"""How much of an answer is kept for a client that is slow to read. For a longer one, a thread waits
until the client has read some of it."""

ALL_UNREAD_BYTES = 64 * 1024 * 1024
"""How much is kept for all clients together; beyond it the oldest ones are dropped."""

SPARE_FILES = 256
"""File descriptors for everything that is no client: database, log, calls of other servers."""

FEWEST_CONNECTIONS = 16


def make_room_for(connections: int) -> int:
    """Raise this process's limit of open files as far as these connections need it.

    Returns how many connections fit under the limit as it is then.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    fitting = connections if soft == resource.RLIM_INFINITY else soft - SPARE_FILES
    return max(FEWEST_CONNECTIONS, min(connections, fitting))
