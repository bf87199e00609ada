"""A password -> the hash that PORTAL_ADMIN_PASSWORD_HASH takes. Needs no settings."""

import click
from werkzeug.security import generate_password_hash

LEAST_CHARACTERS = 12


@click.command("hash-password")
def hash_password() -> None:
    """Ask for the administrator's password twice, unseen, and print its hash."""
    # The questions go to stderr, so that the hash alone can be sent to a file.
    password: str = click.prompt(
        f"Password, {LEAST_CHARACTERS} characters or more",
        hide_input=True,
        confirmation_prompt="The same again",
        err=True,
    )
    if len(password) < LEAST_CHARACTERS:
        raise click.ClickException(
            f"The password is shorter than {LEAST_CHARACTERS} characters. Choose a longer one."
        )
    click.echo(generate_password_hash(password))


if __name__ == "__main__":
    hash_password()
