"""Judges a compose file by the specification. In: the text; out: what is wrong, or nothing.

It runs with the tools' own Python, so it imports nothing of the project.
"""

import json
import sys

from compose_spec import PyCompose


def main() -> None:
    """One file."""
    fault = ""
    try:
        PyCompose.from_yaml(json.load(sys.stdin)).validate()
    except ValueError as error:
        fault = str(error)
    json.dump(fault, sys.stdout)


if __name__ == "__main__":
    main()
