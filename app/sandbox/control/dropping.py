"""Ending a connection with a reset, as a broken network does."""

import os
import socket
import struct
from typing import NoReturn


def drop_connection(connection: socket.socket) -> NoReturn:
    """Reset a connection (RST, not FIN). Raises ConnectionResetError, which ends the request."""
    reset_connection(connection)
    raise ConnectionResetError("reset on purpose")


def reset_connection(connection: socket.socket) -> None:
    """Close the socket with nothing lingering, so that the peer sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # Not close(): that waits for the server's file objects and would shut down politely.
    os.close(connection.detach())
