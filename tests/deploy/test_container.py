"""The Containerfile: its steps are run as they stand, in a view of this machine that is as bare as
an image. What no test can run here is the builder itself."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.deploy.bare import bare, bare_environment
from tests.deploy.conftest import DEPLOY
from tests.deploy.containerfile import Stage, build_script, read_stages
from tests.support.portal import ROOT, SECRET_KEY
from tests.support.ports import find_free_port
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

USER = 65532
BUILD_SECONDS = 240.0

SERVE = """
mkdir -p /opt/portal /var/lib/portal
mount -t tmpfs -o mode=700,uid={user},gid={user} none /var/lib/portal
sh {folder}/build.sh > {folder}/build.log 2>&1
touch {folder}/is-built
mount --bind {folder}/rules /mnt
mount -t tmpfs -o mode=1777,size=16m none /tmp
mount -o remount,ro /opt
mount -o remount,ro /var/lib
mount -o remount,ro,bind /
cd /opt/portal
exec setpriv --reuid={user} --regid={user} --clear-groups --no-new-privs \\
    --bounding-set=-all --inh-caps=-all env -i {environment} "$@"
"""


@pytest.fixture(scope="module")
def stages() -> list[Stage]:
    """Those of the file."""
    return read_stages(DEPLOY / "Containerfile")


class Image:
    """What runs of it: the portal, in a view of the machine of its own."""

    def __init__(self, folder: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.folder, self.port, self.process = folder, port, process

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def inside(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command as `exec` does in a container: the same view, user and environment."""
        environ = Path(f"/proc/{self.process.pid}/environ").read_text(encoding="utf-8")
        entering = ["nsenter", "--mount", "--target", str(self.process.pid)]
        entering += ["sh", "-c", 'cd /opt/portal && exec "$@"', "sh"]
        becoming = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        given = ["env", "-i", *filter(None, environ.split("\0"))]
        return subprocess.run(
            [*entering, *becoming, *given, *command],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def settings_of(sandbox: RunningSandbox, port: int) -> dict[str, str]:
    """What an operator gives."""
    world = sandbox.world
    return {
        "CLICKHOUSE_API_URL": world["url"],
        "CLICKHOUSE_API_KEY": world["api_key_id"],
        "CLICKHOUSE_API_SECRET": world["api_key_secret"],
        "CLICKHOUSE_ORGANIZATION_ID": world["organization_id"],
        "PORTAL_SECRET_KEY": SECRET_KEY,
        "PORTAL_CONFIG": "/mnt/org_config.yaml",
        "PORTAL_PORT": str(port),
        "PORTAL_PUBLIC_URL": "https://portal.example.test",
    }


@pytest.fixture(scope="module")
def image(worker_sandbox: RunningSandbox, stages: list[Stage]) -> Iterator[Image]:
    """Built and started."""
    folder, port = Path(tempfile.mkdtemp(prefix="portal-image-")), find_free_port()
    folder.chmod(0o755)  # others than their owner may not look into pytest's folders
    (folder / "rules").mkdir()
    shutil.copy(ROOT / "configs/sandbox_org_config.yaml", folder / "rules/org_config.yaml")
    (folder / "build.sh").write_text(build_script(stages[0], ROOT), encoding="utf-8")
    given = stages[1].environment() | settings_of(worker_sandbox, port)
    given["LD_LIBRARY_PATH"] = "/usr/local/lib"
    environment = " ".join(f"'{name}={value}'" for name, value in given.items())
    script = SERVE.format(user=USER, folder=folder, environment=environment)
    command = [*bare(script, folder), *stages[1].command("ENTRYPOINT")]
    with (folder / "portal.log").open("wb") as log:
        process = subprocess.Popen(command, env=bare_environment(), stdout=log, stderr=log)
    found = Image(folder, port, process)
    try:
        wait_until(lambda: has_ended_or_is_built(found), seconds=BUILD_SECONDS)
        wait_until(lambda: is_serving(found), seconds=60)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        shutil.rmtree(folder)


def has_ended_or_is_built(image: Image) -> bool:
    assert image.process.poll() is None, read_logs(image)
    return (image.folder / "is-built").exists()


def is_serving(image: Image) -> bool:
    assert image.process.poll() is None, read_logs(image)
    try:
        return requests.get(f"{image.url}/healthz", timeout=20).ok
    except requests.RequestException:
        return False


def read_logs(image: Image) -> str:
    names = ("build.log", "portal.log")
    return "\n".join((image.folder / name).read_text(encoding="utf-8") for name in names)


def test_the_steps_make_a_portal_that_serves_and_is_ready(image: Image) -> None:
    assert requests.get(f"{image.url}/readyz", timeout=20).text.startswith("ready\n")
    page = requests.get(f"{image.url}/sign-in", headers={"Host": "portal.example.test"}, timeout=20)
    assert page.status_code == 200
    assert "Sign in" in page.text


def test_it_runs_as_nobody_in_particular_without_capabilities(image: Image) -> None:
    status = Path(f"/proc/{image.process.pid}/status").read_text(encoding="ascii")
    fields = dict(line.split(":\t", 1) for line in status.splitlines())
    assert set(fields["Uid"].split()) == set(fields["Gid"].split()) == {str(USER)}
    assert (fields["NoNewPrivs"], int(fields["CapBnd"], 16)) == ("1", 0)


def test_nothing_can_be_written_but_its_records(image: Image) -> None:
    for place in ("/opt/portal/x", "/var/lib/x", "/x"):
        assert image.inside("touch", place).returncode != 0, place
    assert image.inside("touch", "/var/lib/portal/x").returncode == 0
    assert image.inside("test", "-s", "/var/lib/portal/portal.db").returncode == 0


def test_the_health_check_of_the_file_tells_a_portal_that_lives(
    image: Image, stages: list[Stage]
) -> None:
    (line,) = stages[1].values("HEALTHCHECK")
    command = Stage("", [("CMD", line)]).command("CMD")
    assert image.inside(*command).returncode == 0
    broken = [item.replace("/healthz", "/nowhere") for item in command]
    assert image.inside(*broken).returncode != 0


def test_the_commands_of_the_documents_run_inside(image: Image) -> None:
    made = image.inside("flask", "--app", "wsgi", "db", "backup", "/var/lib/portal/copy.db")
    assert made.returncode == 0, made.stderr
    assert image.inside("flask", "--app", "wsgi", "check-settings").stdout.startswith("ok ")


def test_neither_pip_nor_tests_nor_settings_are_in_it(image: Image) -> None:
    assert image.inside("python", "-m", "pip", "--version").returncode != 0
    listed = image.inside("ls", "-A", "/opt/portal", "/opt/portal/configs").stdout.split()
    assert set(listed) - {"/opt/portal:", "/opt/portal/configs:", "__pycache__"} == {
        *(".venv", "app", "configs", "pyproject.toml", "static", "templates", "wsgi.py"),
        *("gunicorn.py", "requirements.txt"),
    }


def test_all_code_is_compiled_before(image: Image) -> None:
    missing = """
import pathlib, importlib.util, sys
sources = [p for p in pathlib.Path('/opt/portal/app').rglob('*.py')]
print(len(sources), [p for p in sources if not
    pathlib.Path(importlib.util.cache_from_source(p)).exists()])
"""
    count, _, rest = image.inside("python", "-c", missing).stdout.partition(" ")
    assert int(count) > 100
    assert rest.strip() == "[]"


def test_the_user_of_the_file_has_a_number_and_the_image_stops_in_good_order(
    stages: list[Stage],
) -> None:
    final = stages[1]
    assert final.values("USER") == [f"{USER}:{USER}"]
    assert final.values("STOPSIGNAL") == ["SIGTERM"]
    assert not final.values("RUN")
    assert os.fspath(ROOT)  # no step of the last stage needs a shell


def test_only_what_is_copied_reaches_the_builder(stages: list[Stage]) -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    admitted = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert {value.split()[0] for value in stages[0].values("COPY")} == admitted


@pytest.mark.timeout(60)
def test_a_container_that_is_told_to_stop_does_so_in_good_order(image: Image) -> None:
    """The last test, as nothing serves afterwards."""
    began_at = time.monotonic()
    image.process.send_signal(signal.SIGTERM)
    assert image.process.wait(30) == 0
    assert time.monotonic() - began_at < 15
    assert "sys_shutdown" in read_logs(image)
