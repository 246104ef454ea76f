"""Encryption keys as they are given: what counts as one, and the key file of a machine of its own."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from bot.errors import SettingMissing

KEY_FILE = "encryption.key"
SHORTEST_KEY = 32
FERNET_BYTES = 32


def is_usable_key(key: str) -> bool:
    """A Fernet key (32 bytes as base64 for addresses), or any secret of at least 32 characters."""
    return is_fernet_key(key) or len(key) >= SHORTEST_KEY


def is_fernet_key(key: str) -> bool:
    """https://cryptography.io/en/latest/fernet/: 32 bytes, base64 for addresses."""
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == FERNET_BYTES
    except (binascii.Error, ValueError):
        return False


def key_from_file(path: Path) -> str:
    """The key in the file at `path` (mode 0600), made now when there is none; safe with several starters.

    Raises `SettingMissing` when the file cannot be read, written or used.
    """
    try:
        if not path.exists():
            _make_key_file(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingMissing(
            "DATA_DIR",
            f"DATA_DIR: the key file {path} cannot be used: {reason}.",
            advice="Point DATA_DIR at a folder this user may write to, or set ENCRYPTION_KEYS.",
        ) from None
    if not is_fernet_key(key):
        raise SettingMissing(
            "ENCRYPTION_KEYS",
            f"ENCRYPTION_KEYS: the key file {path} holds no key.",
            advice="Put the backup of the file back; with another key the stored sign-ins cannot be read.",
        )
    return key


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.urlsafe_b64encode(os.urandom(FERNET_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return  # another process was first: its key counts
    finally:
        fresh.unlink(missing_ok=True)
