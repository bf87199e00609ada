"""Renders the chart with Helm's own library. In: chart, values, lint; out: findings, manifests and
the error.

It runs with the tools' own Python, so it imports nothing of the project.
"""

import json
import sys

import helm_python as helm


def main() -> None:
    """One rendering."""
    given = json.load(sys.stdin)
    found: dict[str, object] = {"findings": [], "manifests": {}, "error": ""}
    try:
        if given["lint"]:
            found["findings"] = helm.lint(given["chart"])["messages"]
        with helm.Chart.load(given["chart"]) as chart:
            chart.validate_schema(given["values"])
            found["manifests"] = chart.render(given["values"], name="demo", namespace="prod")
    except helm.HelmError as error:
        found["error"] = str(error)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
