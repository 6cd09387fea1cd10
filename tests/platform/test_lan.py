"""The installation's own certificate authority, and a whole platform that phones of the network reach by https."""

import ssl
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509

from tests.platform.conftest import wait_until
from tests.platform.running_platform import RunningPlatform
from yiwang.project import environment
from yiwang.project.lan import authority, page


def test_the_authority_is_made_once_and_the_servers_follow_the_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.prepare(tmp_path)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(made) == ["ca.crt", "ca.key", "server.crt", "server.key"]
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "server.key").stat().st_mode & 0o077 == 0
    authority.prepare(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == made

    monkeypatch.setattr(authority, "addresses", lambda: [IPv4Address("10.1.2.3"), IPv4Address("127.0.0.1")])
    authority.prepare(tmp_path)
    assert (tmp_path / "ca.crt").read_bytes() == made["ca.crt"]
    server = x509.load_pem_x509_certificate((tmp_path / "server.crt").read_bytes())
    held = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert IPv4Address("10.1.2.3") in held.get_values_for_type(x509.IPAddress)
    assert server.not_valid_after_utc - server.not_valid_before_utc < timedelta(days=400)
    assert len(authority.fingerprint(tmp_path).split(":")) == 32


def test_a_certificate_that_is_of_another_authority_is_made_anew(tmp_path: Path) -> None:
    authority.prepare(tmp_path)
    old = (tmp_path / "server.crt").read_bytes()
    (tmp_path / "ca.key").unlink()
    authority.prepare(tmp_path)
    assert (tmp_path / "server.crt").read_bytes() != old
    ssl.create_default_context(cafile=str(tmp_path / "ca.crt"))


def test_the_page_leads_to_no_strange_host() -> None:
    assert page.host_of("evil.example.org:80") == str(authority.addresses()[0])
    assert page.host_of("127.0.0.1:8002") == "127.0.0.1"
    assert b"https://127.0.0.1" not in page.PAGE.template.encode()


def test_the_switch_is_one_or_nothing() -> None:
    assert environment.read({"YIWANG_TLS": "1"}).address == "https://127.0.0.1:8000"
    assert environment.read({"YIWANG_TLS": "1"}).ports == (8000, 8001, 8002)
    with pytest.raises(environment.BadEnvironment, match="YIWANG_TLS"):
        environment.read({"YIWANG_TLS": "yes"})


class LanPlatform(RunningPlatform):
    """As `up --lan`, on this machine's own address."""

    def variables(self) -> dict[str, str]:
        return {**super().variables(), "YIWANG_TLS": "1", "YIWANG_LIVE_PORT": str(self.port + 1)}

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        trusted = self.home / "var" / "tls" / "ca.crt"
        return requests.get(f"{self.address}/api/v1/health", timeout=10, verify=str(trusted)).ok


@pytest.mark.full
def test_phones_come_in_by_https_once_they_trust_the_authority(tmp_path: Path) -> None:
    platform = LanPlatform(tmp_path, command="demo")
    platform.start()
    try:
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(platform.address, timeout=10)
        way = f"http://127.0.0.1:{platform.port + 2}"
        wait_until(lambda: "证书" in requests.get(f"{way}/", timeout=10).content.decode(), 30)
        assert requests.get(f"{way}/ca.key", timeout=10).status_code == 404
        trusted = tmp_path / "phone.crt"
        trusted.write_bytes(requests.get(f"{way}/yiwang-ca.crt", timeout=10).content)

        phone = requests.Session()
        phone.trust_env, phone.verify = False, str(trusted)
        account = phone.get(f"{platform.address}/api/v1/demo-accounts", timeout=10).json()["items"][0]
        door = phone.get(f"{platform.address}/api/v1/session", timeout=10)
        assert all(cookie.secure for cookie in door.cookies)
        headers = {"X-CSRFToken": door.cookies["csrftoken"], "Referer": f"{platform.address}/m/"}
        body = {"username": account["username"], "password": account["password"]}
        entered = phone.post(f"{platform.address}/api/v1/session", json=body, headers=headers, timeout=20)
        assert entered.status_code == 200, entered.text
        strange = {**headers, "Referer": "https://evil.example.org/"}
        assert (
            phone.post(
                f"{platform.address}/api/v1/session", json=body, headers=strange, timeout=20
            ).status_code
            == 403
        )
        live = entered.json()["live_url"]
        assert live.startswith(f"https://127.0.0.1:{platform.port + 1}/")
        with phone.get(live, stream=True, timeout=20) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert "runs" in platform.yiwang("doctor").stdout
    finally:
        platform.stop()
