"""The words for every way in which the company's sign-in comes to nothing."""

from app.domain.identity_providers import IdentityProvider
from app.errors import ProviderRefusal, SignInRefused

NOT_GUESSES = {
    ProviderRefusal.UNREACHABLE,
    ProviderRefusal.MISCONFIGURED,
    ProviderRefusal.NO_ASSERTION,
}
"""What says nothing of whoever came, and does not count against their address."""

ANOTHER_SIGN_IN = "the company's sign-in"

_NAME = "{name}"
_WORDS: dict[ProviderRefusal, tuple[int, str, str]] = {
    ProviderRefusal.UNREACHABLE: (
        503,
        "{name} does not answer at the moment, so nobody could be signed in there.",
        "Try again in a minute.",
    ),
    ProviderRefusal.MISCONFIGURED: (
        502,
        "The sign-in with {name} is not set up rightly.",
        "Tell whoever runs this portal: its log and make check say more.",
    ),
    ProviderRefusal.BAD_STATE: (
        400,
        "This sign-in was not begun in this browser, took too long, or was used already.",
        "Begin again here.",
    ),
    ProviderRefusal.DECLINED: (
        401,
        "{name} did not sign you in.",
        "Try again, or ask those who look after {name} whether this portal is open to you.",
    ),
    ProviderRefusal.BAD_CODE: (
        401,
        "{name} did not accept the portal's question about you.",
        "Begin again. A sign-in can be finished once, and within a few minutes.",
    ),
    ProviderRefusal.BAD_TOKEN: (
        401,
        "What {name} sent does not prove who you are.",
        "Begin again. If it lasts, tell whoever runs this portal: its log says what is wrong.",
    ),
    ProviderRefusal.NOT_FRESH: (
        401,
        "{name} did not ask you again, so this proves nothing new.",
        "Begin again. If it lasts, tell whoever runs this portal.",
    ),
    ProviderRefusal.SOMEBODY_ELSE: (
        403,
        "Somebody else has signed in at {name}.",
        "Sign in there as the person who is signed in here, or sign out here first.",
    ),
    ProviderRefusal.NO_NAME: (
        401,
        "{name} does not say what to call you, or has not verified it.",
        "Tell whoever runs this portal: the claim of name_claim is missing, or email_verified.",
    ),
    ProviderRefusal.NO_ROLES: (
        401,
        "{name} does not say which groups you are in.",
        "Tell whoever runs this portal: the claim that roles_claim names is missing or too long.",
    ),
    ProviderRefusal.NO_ASSERTION: (
        401,
        "{name} did not say who you are.",
        "Open the portal by the address that leads through {name}. Its log says what is missing.",
    ),
    ProviderRefusal.CANNOT_ASK: (
        403,
        "{name} cannot ask you again that it is you, so this cannot be confirmed.",
        "Sign out and in again for an ordinary change. Big steps need somebody with a password.",
    ),
    ProviderRefusal.TOKEN_NOT_TAKEN: (
        401,
        "ClickHouse does not accept what {name} says of you.",
        "Tell whoever runs this portal: each service of the warehouse must trust {name}.",
    ),
}


def company_refused(refusal: ProviderRefusal, provider: IdentityProvider | None) -> SignInRefused:
    """The refusal in words."""
    status, message, remedy = _WORDS[refusal]
    name = provider.name if provider else ANOTHER_SIGN_IN
    return SignInRefused(
        reason=refusal,
        message=_sentence(message.replace(_NAME, name)),
        remedy=remedy.replace(_NAME, name),
        status=status,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
