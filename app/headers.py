"""The headers of every answer, whoever of the server's parts gives it, as data with reasons."""

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",  # everything below is an exception from nothing
    "script-src": "'self'",  # our own modules; no inline script anywhere
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",  # the modules fetch fragments of our own pages
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(
        f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items()
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

TLS_HEADERS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def headers_for(*, is_https: bool) -> dict[str, str]:
    """Those of a portal that people reach by https, or on this machine only."""
    return HEADERS | (TLS_HEADERS if is_https else {})
