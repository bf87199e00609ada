"""`python -m app.cli.config`: the commands without an application, so without a file of groups."""

from app.cli.config.command import config

if __name__ == "__main__":
    config()
