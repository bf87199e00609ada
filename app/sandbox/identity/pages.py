"""The few pages that people see at the provider."""

from html import escape

_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme"'
    ' content="light dark"><title>{title}</title></head>'
    "<body><main><h1>{title}</h1>{body}</main></body></html>"
)
_FIELDS = (
    '<p><label for="user">User name</label> <input id="user" name="user" autocomplete="username">'
    '<p><label for="password">Password</label> <input id="password" name="password"'
    ' type="password" autocomplete="current-password"><p><button>Sign in</button>'
)


def render_form(token: str, problem: str = "") -> str:
    """The form to sign in; `token` says what for, signed."""
    hidden = f'<input type="hidden" name="token" value="{escape(token)}">'
    told = f'<p role="alert">{escape(problem)}' if problem else ""
    form = f'{told}<form method="post" action="/verify">{hidden}{_FIELDS}</form>'
    return _PAGE.format(title="Sign in at Acme", body=form)


def render_signed_out(home: str) -> str:
    """The end of a session here; `home` is where the person came from, empty for nowhere."""
    link = f'<p><a href="{escape(home)}">Back</a>' if home else ""
    return _PAGE.format(title="You are signed out at Acme", body=link)
