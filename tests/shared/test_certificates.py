"""Files of certificates and keys that cannot be used are refused in sentences."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from shared.certificates import CertificateRefused, context_of
from tests.servers.certificates import Authority


def test_a_key_with_a_passphrase_is_refused_in_a_sentence(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.sign("own")
    context_of(authority.file, pair.certificate, pair.key)
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    locked = tmp_path / "locked.key"
    secret = serialization.BestAvailableEncryption(b"open-sesame")
    locked.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret))
    with pytest.raises(CertificateRefused, match="without a passphrase"):
        context_of(authority.file, pair.certificate, locked)
