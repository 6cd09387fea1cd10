"""A certificate authority on this machine, and the servers' certificate that it signs.

Browsers give camera, position and an installed app only to https. Without a public name there is no public
certificate; so the installation makes an authority once, which each phone is told to trust. Its constraints (RFC 5280,
4.2.1.10) keep it to private addresses and to this machine's names: whoever steals its key cannot pose as a site of the
internet.
"""

import os
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PRIVATE = tuple(
    IPv4Network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
)
AUTHORITY_DAYS = 3650
# Apple's limit for servers is 825 days, others ask for less; made anew when so little is left.
SERVER_DAYS, RENEWED_WITHIN = 397, timedelta(days=30)
EARLIER = timedelta(days=2)  # phones whose clock is behind must trust it, too


def addresses() -> list[IPv4Address]:
    """The private addresses under which other machines reach this one, the usual one first; then loopback."""
    found = [_outward(), *_of_name()]
    outside = [one for one in dict.fromkeys(found) if one and not one.is_loopback and _is_private(one)]
    return [*outside, IPv4Address("127.0.0.1")]


def names() -> list[str]:
    """The names of this machine that its certificate holds."""
    host = socket.gethostname().split(".")[0].lower()
    return list(dict.fromkeys(["localhost", f"{host}.local", host]))


def prepare(folder: Path) -> None:
    """Make what is missing in `folder`: `ca.crt` and `.key` once, `server.crt` and `.key` for today's addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, key = _authority(folder)
    if not _still_fits(folder / "server.crt", authority):
        _make_server(folder, authority, key)


def fingerprint(folder: Path) -> str:
    """The SHA-256 of the authority's certificate, as phones show it: pairs of hexadecimal digits."""
    certificate = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    cert_file, key_file = folder / "ca.crt", folder / "ca.key"
    if cert_file.exists() and key_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
        if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.not_valid_after_utc > _now():
            return certificate, key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Yiwang"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Yiwang {socket.gethostname()[:40]}"),
    ])  # fmt: skip
    permitted: list[x509.GeneralName] = [
        *(x509.IPAddress(net) for net in PRIVATE),
        *(x509.DNSName(one) for one in names()),
    ]
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(folder, "ca", certificate, key)
    return certificate, key


def _make_server(folder: Path, authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names()[1])])
    known: list[x509.GeneralName] = [
        *(x509.IPAddress(one) for one in addresses()),
        *(x509.DNSName(one) for one in names()),
    ]
    certificate = (
        _builder(name, authority.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    _write(folder, "server", certificate, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - EARLIER)
        .not_valid_after(_now() + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _still_fits(file: Path, authority: x509.Certificate) -> bool:
    """Whether the servers' certificate is of this authority, holds today's addresses and names, and has time left."""
    if not file.exists() or not file.with_suffix(".key").exists():
        return False
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    held = {*map(str, known.get_values_for_type(x509.IPAddress)), *known.get_values_for_type(x509.DNSName)}
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    has_time = certificate.not_valid_after_utc - _now() > RENEWED_WITHIN
    return has_time and {*map(str, addresses()), *names()} <= held


def _write(folder: Path, stem: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = folder / f"{stem}.key.draft"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    draft.replace(folder / f"{stem}.key")
    (folder / f"{stem}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _outward() -> IPv4Address | None:
    """The address from which this machine speaks to others; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address (RFC 5737): routed, never reached
        except OSError:
            return None
        return IPv4Address(probe.getsockname()[0])


def _of_name() -> list[IPv4Address]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return [IPv4Address(entry[4][0]) for entry in found if ip_address(entry[4][0]).version == 4]


def _is_private(one: IPv4Address) -> bool:
    return any(one in net for net in PRIVATE)


def _now() -> datetime:
    return datetime.now(UTC)
