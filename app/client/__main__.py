"""`python -m app.client`, or `python -m cgp` where it is installed alone."""

from .main import run_command

if __name__ == "__main__":
    run_command()
