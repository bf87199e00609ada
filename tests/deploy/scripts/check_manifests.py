"""Judges manifests by the schemas of Kubernetes. In: version, manifests; out: what is wrong.

It runs with the tools' own Python, so it imports nothing of the project.
"""

import json
import sys

import kubernetes_validate


def main() -> None:
    """All of them."""
    given = json.load(sys.stdin)
    faults = []
    for manifest in given["manifests"]:
        try:
            kubernetes_validate.validate(manifest, given["version"], strict=True)
        except kubernetes_validate.ValidationError as error:
            faults.append(f"{manifest['kind']}: {error.message}")
    json.dump(faults, sys.stdout)


if __name__ == "__main__":
    main()
