"""The command `cgp` with its parts."""

import sys
from itertools import takewhile

import click
from click.shell_completion import get_completion_class

from . import VERSION
from .commands.boost import boost
from .commands.change import scale, start, stop, wake
from .commands.run import run
from .commands.show import changes, groups, schedule, show, spend
from .context import end
from .exits import CommandError, Exit

COMPLETION = "_CGP_COMPLETE"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="cgp")
def cgp() -> None:
    """View and scale the compute groups of a portal, with a personal token.

    Make a token on your account page in the portal. Then set CGP_URL to the address of the portal
    and CGP_TOKEN to the token, or write both into ~/.config/cgp/config.toml, which nobody else may
    read (mode 600; CGP_CONFIG names another file):

    \b
        url = "https://portal.example.com"
        token = "cgp_..."

    GROUP is the name of a compute group, or its id. Memory is in GB per replica.

    \b
    Exit codes:
      0  done
      1  an error
      2  used wrongly, or cancelled
      4  not signed in: the token is missing, wrong, over, or without rights
      5  refused by a rule: permission, limit, freeze, another change in progress
      7  waited too long; the change goes on
    """


@cgp.command()
@click.argument("shell", type=click.Choice(["bash", "zsh"]))
def completion(shell: str) -> None:
    """Print what makes the shell complete cgp; put it into a file that the shell reads.

    \b
        cgp completion bash > ~/.local/share/bash-completion/completions/cgp
        cgp completion zsh > "${fpath[1]}/_cgp"
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows both
    click.echo(kind(cgp, {}, "cgp", COMPLETION).source())


for part in (groups, show, scale, wake, start, stop, boost, run, changes, schedule, spend):
    cgp.add_command(part)


def run_command() -> None:
    """Run it; what is cancelled ends as what was used wrongly."""
    is_json = "--json" in takewhile(lambda word: word != "--", sys.argv)
    try:
        sys.exit(cgp.main(prog_name="cgp", complete_var=COMPLETION, standalone_mode=False))
    except click.ClickException as error:
        if is_json:
            words = error.format_message()
            end(CommandError(words, Exit(error.exit_code), "used_wrongly"), is_json=True)
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        end(CommandError("Cancelled.", Exit.USAGE, "cancelled"), is_json=is_json)
