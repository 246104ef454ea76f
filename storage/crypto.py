"""Encrypting secrets before they reach Redis: written with the newest key, readable with any."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import SettingMissing

FERNET_KEY_BYTES = 32
SHORTEST_SECRET = 32


class Cipher:
    """Encrypts and decrypts bytes (https://cryptography.io/en/latest/fernet/).

    A key is a Fernet key or any other secret of at least 32 characters, of which a key is derived.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SettingMissing(
                "ENCRYPTION_KEYS", "ENCRYPTION_KEYS is empty.", advice="Give at least one key."
            )
        self._fernet = MultiFernet([Fernet(_fernet_key(key)) for key in keys])

    def encrypt(self, secret: bytes) -> bytes:
        return self._fernet.encrypt(secret)

    def decrypt(self, stored: bytes) -> bytes:
        """Raises SettingMissing when none of the keys fits."""
        try:
            return self._fernet.decrypt(stored)
        except InvalidToken:
            raise SettingMissing(
                "ENCRYPTION_KEYS",
                "What is stored was encrypted with a key that is not in ENCRYPTION_KEYS.",
                advice="Add the key that was used before behind the newest one.",
            ) from None

    def rotate(self, stored: bytes) -> bytes:
        """The same secret, encrypted with the newest key."""
        try:
            return self._fernet.rotate(stored)
        except InvalidToken:
            self.decrypt(stored)
            raise


def _fernet_key(key: str) -> bytes:
    try:
        if len(base64.urlsafe_b64decode(key.encode())) == FERNET_KEY_BYTES and len(key) == len(
            Fernet.generate_key()
        ):
            return key.encode()
    except (binascii.Error, ValueError):
        pass
    if len(key) < SHORTEST_SECRET:
        raise SettingMissing(
            "ENCRYPTION_KEYS",
            f"A key in ENCRYPTION_KEYS has fewer than {SHORTEST_SECRET} characters.",
            advice="Use a Fernet key or a random text of at least 32 characters.",
        )
    derived = HKDF(hashes.SHA256(), FERNET_KEY_BYTES, salt=None, info=b"dext-for-slack tokens").derive(
        key.encode()
    )
    return base64.urlsafe_b64encode(derived)
