"""`config …`: the file of groups proposed and compared by what ClickHouse Cloud lists.

Works without the file of groups, so that it can make it: `python -m app.cli.config`.
"""

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from app.cli.cloud_client import make_client
from app.cli.starting import FAULTY_SETTINGS
from app.domain.groups.difference import compare
from app.domain.groups.group import Service
from app.errors import CloudError, SettingsFault
from app.files import read_bounded
from app.settings import CloudSettings, load_catalog, load_cloud_settings
from app.settings.environment.new_file import write_env_file
from app.settings.json_schema import make_environment_schema, make_rules_schema
from app.settings.org.files import MOST_BYTES, read_parts
from app.settings.org.proposal import CannotAddError, propose
from app.settings.sources import format_fault

ROOT = Path(__file__).resolve().parent.parent.parent.parent
TEMPLATE = ROOT / "configs/org_config.yaml_template"
ENV_TEMPLATE, ENV_FILE = ROOT / "configs/.env_template", ROOT / "configs/.env"
DIFFERENT = 1
"""Exit code where the file and Cloud do not name the same services."""

SCHEMAS = {
    "configs/org_config.schema.json": make_rules_schema,
    "configs/env.schema.json": make_environment_schema,
}


@click.group("config")
def config() -> None:
    """Propose the file of groups, and compare it with ClickHouse Cloud."""


@config.command("env")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ENV_FILE,
    help="The file to write.",
)
def env(output: Path) -> None:
    """Write the file of settings from its template, with secrets of the portal's own made up."""
    try:
        write_env_file(ENV_TEMPLATE, output)
    except FileExistsError:
        raise _ended(f"{output} stands already, and stays as it is.") from None
    except OSError as error:
        raise _ended(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(
        f"Written to {output}. Fill in what stands in <>, then run: "
        "make config-init OUT=configs/org_config.yaml",
        err=True,
    )


@config.command("init")
@click.option("--from-cloud", is_flag=True, help="Name what the key sees; without it the template.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write.")
def init(*, from_cloud: bool, output: Path | None) -> None:
    """Write the file of groups to standard output, or to a file, with what stands there kept."""
    text = _propose(output) if from_cloud else TEMPLATE.read_text(encoding="utf-8")
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        _replace(output, text)
    except OSError as error:
        raise _ended(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Written to {output}. Fill in contact and access, then run: make check", err=True)


@config.command("diff")
def diff() -> None:
    """Name services that are missing in the file, gone from Cloud, or named otherwise there.

    Ends with 0 where both name the same services, 1 where not, 2 where one cannot be read.
    """
    settings = _settings()
    try:
        catalog = load_catalog(settings.config_file)
    except SettingsFault as error:
        raise _ended(error.message) from None
    difference = compare(catalog, _list_services(settings))
    lines = difference.list_lines() or ("The file names every service that the key sees.",)
    click.echo("\n".join(lines))
    raise SystemExit(0 if difference.is_same else DIFFERENT)


@config.command("schema")
def schema() -> None:
    """Write the JSON Schemas that editors read anew, from the code."""
    for name, make in SCHEMAS.items():
        (ROOT / name).write_text(format_schema(make()), encoding="utf-8")
        click.echo(f"Written: {name}")


def format_schema(schema_of: Mapping[str, object]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema_of, indent=2, ensure_ascii=False) + "\n"


def _propose(output: Path | None) -> str:
    settings = _settings()
    standing = output or settings.config_file
    services = _list_services(settings)
    text = _read_standing(standing)  # as late as possible: somebody may be writing it
    parts, faults = read_parts(standing)
    if faults:
        raise _ended("\n".join(format_fault(str(standing), *fault) for fault in faults))
    try:
        return propose(services, text, parts)
    except CannotAddError as error:
        raise _ended(f"{standing}: {error}") from None


def _read_standing(path: Path) -> str:
    try:
        return read_bounded(path, MOST_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        raise _ended(f"{path} cannot be read as text. Save it as UTF-8.") from None


def _settings() -> CloudSettings:
    try:
        return load_cloud_settings(os.environ, root=ROOT)
    except SettingsFault as error:
        raise _ended("\n".join(error.faults)) from None


def _list_services(settings: CloudSettings) -> dict[str, Service]:
    client = make_client(settings.cloud, "config")
    try:
        return {service.service_id: service for service in client.list_services()}
    except CloudError as error:
        raise _ended(f"{error.message} make check says more.") from None


def _ended(words: str) -> SystemExit:
    click.echo(words, err=True)
    return SystemExit(FAULTY_SETTINGS)


def _replace(path: Path, text: str) -> None:
    """Put the text in place as a whole: the portal may be reading the file."""
    path = path.resolve()  # a link goes on pointing to it
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8", newline="")
    if path.exists():
        status = path.stat()
        draft.chmod(stat.S_IMODE(status.st_mode))
        with suppress(PermissionError):  # the owner of the draft is who may write it
            os.chown(draft, status.st_uid, status.st_gid)
    draft.replace(path)
