"""The words for every way a sign-in comes to nothing. None says whether the user exists."""

from app.errors import CredentialRefusal, SignInRefused

UNKNOWN_SERVICE = "unknown_service"
"""The reason, for the audit log alone."""

_CREDENTIAL = "{credential}"
_WORDS: dict[CredentialRefusal, tuple[int, str, str]] = {
    CredentialRefusal.WRONG_CREDENTIALS: (
        401,
        "The user name or the password is wrong for this warehouse.",
        "Check both and try again. They are those you use in ClickHouse itself.",
    ),
    CredentialRefusal.TOO_MANY_ATTEMPTS: (
        429,
        "ClickHouse counts too many attempts to sign in as this user.",
        "Wait until the quota set for the user there allows it again.",
    ),
    CredentialRefusal.BUSY: (
        503,
        "ClickHouse is too busy to check your {credential} at the moment.",
        "Try again in a few seconds.",
    ),
    CredentialRefusal.UNREACHABLE: (
        503,
        "ClickHouse did not answer, so your {credential} could not be checked.",
        "Try again in a minute. If it lasts, tell whoever runs this portal.",
    ),
    CredentialRefusal.NOT_ON_ACCESS_LIST: (
        503,
        "ClickHouse closed the connection, so your {credential} could not be checked.",
        "Tell whoever runs this portal: its address may be missing from the IP access list.",
    ),
    CredentialRefusal.STILL_WAKING: (
        503,
        "The compute group is still waking up.",
        "It usually takes about a minute. Try again shortly.",
    ),
    CredentialRefusal.NOT_CLICKHOUSE: (
        502,
        "Something other than ClickHouse answered, so your {credential} could not be checked.",
        "Tell whoever runs this portal: a proxy may stand in the way.",
    ),
    CredentialRefusal.UNUSABLE_INPUT: (
        400,
        "This user name or password cannot be sent to ClickHouse.",
        "Names go up to 256 characters, passwords up to 1024, neither with line breaks.",
    ),
    CredentialRefusal.SECOND_FACTOR: (
        401,
        "ClickHouse asks for a second factor for this user.",
        "Enter your password again with the code. Programs send them as password+123456.",
    ),
    CredentialRefusal.PASSWORDS_OFF: (
        401,
        "Passwords are off for this warehouse.",
        "Sign in on the portal's page with your company's sign-in.",
    ),
    CredentialRefusal.UNTRUSTED_CERTIFICATE: (
        502,
        "The certificate of ClickHouse cannot be trusted, so your {credential} was not sent.",
        "Tell whoever runs this portal: its log says what is wrong with the certificate.",
    ),
    CredentialRefusal.NOT_TLS: (
        502,
        "ClickHouse does not answer over TLS, so your {credential} was not sent.",
        "Tell whoever runs this portal: the endpoint may lead to a plain HTTP port.",
    ),
    CredentialRefusal.UNKNOWN_ERROR: (
        502,
        "ClickHouse answered with an error that the portal does not know (code N).",
        "Tell whoever runs this portal, with that code.",
    ),
}


def refused(
    refusal: CredentialRefusal,
    *,
    is_guess: bool = False,
    code: int | None = None,
    credential: str = "password",
) -> SignInRefused:
    """The refusal in words; `is_guess` where the password was looked at, `credential` what was
    given in place of one."""
    status, message, remedy = _WORDS[refusal]
    return SignInRefused(
        reason=refusal,
        message=message.replace("(code N)", f"(code {code})").replace(_CREDENTIAL, credential),
        remedy=remedy,
        status=status,
        is_guess=is_guess,
    )


def unknown_service() -> SignInRefused:
    """In the words of a wrong password; only the audit log knows the difference."""
    wrong = refused(CredentialRefusal.WRONG_CREDENTIALS)
    return SignInRefused(
        reason=UNKNOWN_SERVICE,
        message=wrong.message,
        remedy=wrong.remedy,
        status=wrong.status,
        is_guess=True,
    )


def unchecked(reason: str, message: str, remedy: str, *, status: int = 503) -> SignInRefused:
    """The password could not even be sent anywhere."""
    return SignInRefused(reason=reason, message=message, remedy=remedy, status=status)
