"""The end of a connection to which answers are written, and which keeps what cannot be sent yet."""

import select
import socket
import time
from typing import Self

from app.server.limits import ANSWER_SECONDS, UNREAD_BYTES


class AnsweringSocket(socket.socket):
    """Never blocks, but for an answer that is longer than UNREAD_BYTES.

    `sendall` takes what the client does not read yet into `unsent`; `flush` goes on sending it.
    """

    unsent: bytearray

    @classmethod
    def take_over(cls, accepted: socket.socket) -> Self:
        """Use a connection from now on through an object of this class."""
        taken = cls(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        taken.unsent = bytearray()
        taken.setblocking(False)
        return taken

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override] # of bytes only
        """Send, now or later. Raises TimeoutError if the client reads nothing of a long answer."""
        self.unsent += data
        gives_up_at = time.monotonic() + ANSWER_SECONDS
        while not self.flush(flags) and len(self.unsent) > UNREAD_BYTES:
            self._wait_for_reader(gives_up_at - time.monotonic())

    def flush(self, flags: int = 0) -> bool:
        """Send what the client can take; true when nothing is left. Raises OSError."""
        while self.unsent:
            try:
                sent = self.send(self.unsent, flags)
            except BlockingIOError:
                return False
            del self.unsent[:sent]
        return True

    def _wait_for_reader(self, seconds: float) -> None:
        waiting = select.poll()
        waiting.register(self, select.POLLOUT)
        if seconds <= 0 or not waiting.poll(seconds * 1000):
            raise TimeoutError("The client does not read its answer.")
