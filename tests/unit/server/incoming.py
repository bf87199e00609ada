"""gunicorn's configuration as the portal has it, and requests byte by byte."""

from gunicorn.config import Config

from app.server.collector import RequestCollector

HOST = b"Host: localhost\r\n"
GET = b"GET /groups HTTP/1.1\r\n" + HOST + b"\r\n"


def post(framing: bytes, body: bytes = b"") -> bytes:
    """A POST with this header line about its body."""
    return b"POST /sign-in HTTP/1.1\r\n" + HOST + framing + b"\r\n\r\n" + body


def server_config(**settings: object) -> Config:
    """The settings that the collector and the worker read."""
    config = Config()
    limits = {"limit_request_line": 2048, "limit_request_fields": 50, "forwarded_allow_ips": ""}
    for name, value in (limits | settings).items():
        config.set(name, value)
    return config


def collector() -> RequestCollector:
    """One that nothing has arrived for."""
    return RequestCollector(server_config(), ("127.0.0.1", 50000))
