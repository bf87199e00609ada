"""nginx and Caddy of Debian with the files of deploy/, before a portal of the test."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.deploy.conftest import DEPLOY
from tests.pages.security.behind_tls import HOST
from tests.support.ports import find_free_port
from tests.support.requirements import require_program
from tests.support.waiting import wait_until


@dataclass(frozen=True)
class Certificate:
    """Of HOST, signed by itself."""

    path: Path
    key: Path


def make_certificate(folder: Path) -> Certificate:
    """One for a day."""
    openssl = require_program("openssl", install="apt-get install openssl")
    made = Certificate(folder / "fullchain.pem", folder / "privkey.pem")
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += [
        "-nodes",
        "-days",
        "1",
        "-subj",
        f"/CN={HOST}",
        "-addext",
        f"subjectAltName=DNS:{HOST}",
    ]
    command += ["-keyout", str(made.key), "-out", str(made.path)]
    subprocess.run(command, check=True, capture_output=True)
    return made


@dataclass(frozen=True)
class Proxy:
    """One that serves by TLS on a port, and by plain HTTP on another."""

    name: str
    port: int
    plain_port: int
    certificate: Certificate
    log: Path

    def pool(self) -> urllib3.HTTPSConnectionPool:
        """Connections of a client that knows it by HOST."""
        return urllib3.HTTPSConnectionPool(
            "127.0.0.1",
            self.port,
            server_hostname=HOST,
            assert_hostname=HOST,
            ca_certs=str(self.certificate.path),
            retries=False,
            timeout=urllib3.Timeout(30),
            maxsize=8,
        )

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """One request on a connection of its own."""
        given = {"Host": HOST, **(headers or {})}
        with self.pool() as pool:
            return pool.urlopen(method, path, body=body, headers=given, redirect=False)


Configure = Callable[[Path, Proxy, int], tuple[list[str], dict[str, str]]]


def configure_nginx(
    folder: Path, proxy: Proxy, portal_port: int
) -> tuple[list[str], dict[str, str]]:
    """The file as it is but for ports and paths, in the least that nginx needs around it."""
    program = require_program("nginx", install="apt-get install nginx")
    text = (DEPLOY / "nginx/portal.conf").read_text(encoding="utf-8")
    for here, there in {
        "server 127.0.0.1:8000": f"server 127.0.0.1:{portal_port}",
        "listen 80;": f"listen 127.0.0.1:{proxy.plain_port};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.port} ssl http2;",
        "portal.example.com": HOST,
        "/etc/portal/tls/fullchain.pem": str(proxy.certificate.path),
        "/etc/portal/tls/privkey.pem": str(proxy.certificate.key),
    }.items():
        assert here in text, here
        text = text.replace(here, there)
    (folder / "portal.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {proxy.log};\n"
        f"events {{ worker_connections 4096; }}\n"
        f"http {{ access_log off; {places} include {folder}/portal.conf; }}\n",
        encoding="utf-8",
    )
    return [program, "-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", str(proxy.log)], {}


def configure_caddy(
    folder: Path, proxy: Proxy, portal_port: int
) -> tuple[list[str], dict[str, str]]:
    """The file as it is, with a certificate of the test's, and ports of the test's."""
    program = require_program("caddy", install="apt-get install caddy")
    text = (DEPLOY / "caddy/Caddyfile").read_text(encoding="utf-8")
    ours = f"admin off\n\thttp_port {proxy.plain_port}\n\thttps_port {proxy.port}\n\t"
    ours += "default_bind 127.0.0.1\n"
    certificate = f"\ttls {proxy.certificate.path} {proxy.certificate.key}\n\n"
    text = text.replace("{\n\tservers", f"{{\n\t{ours}\tservers", 1)
    text = text.replace("\t# Prometheus asks", f"{certificate}\t# Prometheus asks", 1)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    environment = {
        "PORTAL_SITE": HOST,
        "PORTAL_UPSTREAM": f"127.0.0.1:{portal_port}",
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "HOME": str(folder),
    }
    return [
        program,
        "run",
        "--config",
        f"{folder}/Caddyfile",
        "--adapter",
        "caddyfile",
    ], environment


PROXIES: dict[str, Configure] = {"nginx": configure_nginx, "caddy": configure_caddy}


@contextmanager
def running_proxy(name: str, folder: Path, portal_port: int) -> Iterator[Proxy]:
    """One that serves before the portal at this port; ended at the end."""
    proxy = Proxy(
        name, find_free_port(), find_free_port(), make_certificate(folder), folder / "proxy.log"
    )
    command, environment = PROXIES[name](folder, proxy, portal_port)
    given = {"PATH": os.environ["PATH"], **environment}
    with proxy.log.open("ab") as log:
        process = subprocess.Popen(command, env=given, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until(lambda: _is_serving(proxy, process), seconds=20)
        yield proxy
    finally:
        process.terminate()
        process.wait(20)


def _is_serving(proxy: Proxy, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, proxy.log.read_text(encoding="utf-8")
    try:
        proxy.ask("GET", "/healthz")
    except urllib3.exceptions.HTTPError:
        return False
    return True
