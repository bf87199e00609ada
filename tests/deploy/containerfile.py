"""Reads a Containerfile: its stages and their instructions, as far as ours uses the format."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

INSTRUCTION = re.compile(r"([A-Z]+)\s+(.*)", re.S)


@dataclass
class Stage:
    """What follows one FROM: its name, empty if it has none, and the instructions in order."""

    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def values(self, instruction: str) -> list[str]:
        """Of every such instruction."""
        return [value for name, value in self.steps if name == instruction]

    def command(self, instruction: str) -> list[str]:
        """The arguments of an instruction in exec form, such as ENTRYPOINT."""
        (value,) = self.values(instruction)
        arguments: list[str] = json.loads(value[value.index("[") :])
        return arguments

    def environment(self) -> dict[str, str]:
        """What ENV sets."""
        pairs = re.findall(r'(\w+)=("[^"]*"|\S*)', " ".join(self.values("ENV")))
        return {name: value.strip('"') for name, value in pairs}


def read_stages(path: Path) -> list[Stage]:
    """The stages of the file. Comments are left out, and lines that go on are joined."""
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, text.replace("\\\n", " ").split("\n"))):
        match = INSTRUCTION.fullmatch(line)
        assert match, line
        if match[1] == "FROM":
            stages.append(Stage(match[2].partition(" AS ")[2]))
        elif stages:
            stages[-1].steps.append((match[1], match[2]))
    return stages


def build_script(stage: Stage, project: Path) -> str:
    """The steps of a stage as a shell script, run at the root that it is meant for."""
    lines = ["set -eu"]
    for name, value in stage.steps:
        if name == "WORKDIR":
            lines.append(f"mkdir -p {value} && cd {value}")
        elif name == "RUN":
            lines.append(value)
        elif name == "COPY":
            source, target = value.split()
            lines.append(f"mkdir -p $(dirname {target}) && cp -rT {project}/{source} {target}")
        else:
            raise AssertionError(f"{name} is not expected in a stage that builds")
    return "\n".join(lines) + "\n"
