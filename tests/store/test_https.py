import datetime
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from wire import request_from, server, whole

from derelay.baton.blocks import cid_of
from derelay.store import address
from derelay.store.http_source import HttpSource

BLOCK = b"block" * 1000


@pytest.fixture
def https(tmp_path):
    """A server of one block over TLS, as `localhost`, by a certificate that it made itself; its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "localhost.pem"
    no_password = serialization.NoEncryption()
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def serve(connection) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            while request_from(secure):
                secure.sendall(whole(BLOCK))

    with server(serve) as url:
        yield url.replace("http://127.0.0.1", "https://localhost"), file


def test_a_server_that_nobody_vouches_for_gets_no_request(https):
    url, _ = https
    with pytest.raises(ssl.SSLCertVerificationError):
        HttpSource(url, 5, allow_private=True).get(cid_of(BLOCK))


def test_blocks_come_over_tls_too(https, monkeypatch):
    url, file = https
    monkeypatch.setattr(address, "_tls", lambda: ssl.create_default_context(cafile=str(file)))
    source = HttpSource(url, 5, allow_private=True)
    assert source.get(cid_of(BLOCK)) == source.get(cid_of(BLOCK)) == BLOCK
    source.close()


def test_a_certificate_for_another_name_is_none(https, monkeypatch):
    url, file = https
    monkeypatch.setattr(address, "_tls", lambda: ssl.create_default_context(cafile=str(file)))
    with pytest.raises(ssl.SSLCertVerificationError):
        HttpSource(url.replace("localhost", "127.0.0.1"), 5, allow_private=True).get(cid_of(BLOCK))
