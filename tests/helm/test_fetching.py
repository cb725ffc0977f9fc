"""What `import.fetch` runs before `earshot import`, run here against a server with a certificate: files come whole, or not at all."""

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.helm.chart import CHART, containers, find, objects, pod_of
from tests.real.certificates import Authority

PEOPLE = b"address,department\nanna@example.org,Sales\n"
SIGNED = "?signature=a-secret"


class Bucket(BaseHTTPRequestHandler):
    """Holds people.csv for those who bring the signature, and sends those who ask for /elsewhere away."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://localhost:9/people.csv")
        else:
            self.send_response(200 if self.path == f"/people.csv{SIGNED}" else 403)
        self.end_headers()
        if self.path == f"/people.csv{SIGNED}":
            self.wfile.write(PEOPLE)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="module")
def bucket(authority: Authority) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.certify("localhost"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetch(folder: Path, address: str, trusted: Path) -> subprocess.CompletedProcess[str]:
    """With an address as a mounted Secret holds it."""
    (folder / "addresses" / "..data").mkdir(parents=True)
    (folder / "addresses" / "people.csv").write_text(f"{address}\n", encoding="utf-8")
    (folder / "fetched").mkdir()
    job = find(objects((CHART / "ci" / "scaling-values.yaml").read_text(encoding="utf-8")), "CronJob", "earshot-import")
    fetching = containers(pod_of(job))[0]
    assert fetching["command"] == ["python3", "-c"]
    assert fetching["args"][1:] == ["/run/secrets/earshot/addresses", "/fetched"]
    command = [sys.executable, "-c", fetching["args"][0], str(folder / "addresses"), str(folder / "fetched")]
    environment = {**os.environ, "SSL_CERT_FILE": str(trusted)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_a_file_comes_whole_under_its_name_and_its_address_is_not_told(
    tmp_path: Path, bucket: str, authority: Authority
) -> None:
    done = fetch(tmp_path, f"{bucket}/people.csv{SIGNED}", authority.file)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fetched" / "people.csv").read_bytes() == PEOPLE
    assert [each.name for each in (tmp_path / "fetched").iterdir()] == ["people.csv"]
    assert done.stdout == f"people.csv: {len(PEOPLE)} bytes\n"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/people.csv?signature=wrong", "people.csv: answered with 403"),
        ("/elsewhere", "people.csv: led on to an address without https://"),
    ],
    ids=["a signature that is wrong", "an address that leads out of TLS"],
)
def test_what_does_not_come_ends_the_import_before_it_begins(
    path: str, why: str, tmp_path: Path, bucket: str, authority: Authority
) -> None:
    done = fetch(tmp_path, f"{bucket}{path}", authority.file)
    assert done.returncode == 1
    assert done.stderr.startswith(why)
    assert "signature" not in done.stderr + done.stdout


def test_a_server_that_nobody_trusts_and_an_address_without_tls_are_refused(tmp_path: Path, bucket: str) -> None:
    other = Authority(tmp_path, "another")
    done = fetch(tmp_path / "untrusted", f"{bucket}/people.csv{SIGNED}", other.file)
    assert (done.returncode, "CERTIFICATE_VERIFY_FAILED" in done.stderr) == (1, True)
    plain = fetch(tmp_path / "plain", bucket.replace("https", "http"), other.file)
    assert (plain.returncode, plain.stderr) == (1, "people.csv: only addresses that begin with https:// are fetched\n")
