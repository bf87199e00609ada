"""The command that makes the administrator's hash."""

from click.testing import CliRunner, Result
from werkzeug.security import check_password_hash

from app.cli.hash_password import hash_password
from app.settings.environment.credentials import parse_password_hash

PASSWORD = "twelve chars"


def run(*lines: str, arguments: tuple[str, ...] = ()) -> Result:
    """The command's result, given these lines of input."""
    return CliRunner().invoke(hash_password, list(arguments), input="\n".join(lines) + "\n")


# ASVS 11.4.2
def test_it_prints_the_hash_alone_and_never_the_password() -> None:
    result = run(PASSWORD, PASSWORD)
    assert result.exit_code == 0
    printed = result.stdout.strip()
    assert check_password_hash(parse_password_hash(printed), PASSWORD)
    assert PASSWORD not in result.output


def test_it_asks_again_until_both_are_the_same() -> None:
    result = run(PASSWORD, "twelve charz", PASSWORD, PASSWORD)
    assert result.exit_code == 0
    assert "do not match" in result.stderr


# ASVS 6.2.1
def test_a_short_password_is_refused() -> None:
    result = run(PASSWORD[1:], PASSWORD[1:])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "shorter than 12 characters" in result.stderr


def test_it_takes_no_password_as_an_argument() -> None:
    result = run(PASSWORD, PASSWORD, arguments=(PASSWORD,))
    assert (result.exit_code, result.stdout) == (2, "")
