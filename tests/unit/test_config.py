"""Settings: every one of them, and one clear line when one is missing or wrong."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.config import Settings, how_to_get, load, load_listening, problems, variable
from bot.errors import SettingMissing
from bot.keyfile import KEY_FILE, is_fernet_key, is_usable_key, key_from_file

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
ENOUGH = {
    "SLACK_SIGNING_SECRET": "signing-secret",
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "ZOHO_CLIENT_ID": "1000.CLIENT",
    "ZOHO_CLIENT_SECRET": "client-secret",
}
CONTRACT = {
    "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_APP_TOKEN",
    "SLACK_API_URL", "ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET", "ZOHO_ACCOUNTS_URL", "ZOHO_EXTRA_HOSTS",
    "PUBLIC_URL", "HOST", "PORT", "REDIS_URL", "DATA_DIR", "ENCRYPTION_KEYS", "LOG_LEVEL", "LOG_FORMAT",
}  # fmt: skip


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment with which the bot starts."""
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


def line_of_failure() -> str:
    with pytest.raises(SettingMissing) as caught:
        load()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_settings_are_exactly_the_promised_ones() -> None:
    assert {variable(field) for field in Settings.model_fields} == CONTRACT


def test_every_setting_has_a_meaning_and_a_way_to_get_it() -> None:
    for field, info in Settings.model_fields.items():
        assert info.description, field
        assert how_to_get(variable(field)), field


def test_the_defaults_are_the_promised_ones(enough: pytest.MonkeyPatch) -> None:
    settings = load()
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.public_url == "http://localhost:3000"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.zoho_accounts_url == "https://accounts.zoho.com"
    assert settings.extra_hosts == frozenset()
    assert (settings.embedded, settings.one_workspace) == (True, True)
    assert (settings.log_level, settings.log_format) == ("info", None)


def test_the_public_address_follows_the_port(enough: pytest.MonkeyPatch) -> None:
    enough.setenv("PORT", "8123")
    assert load().public_url == "http://localhost:8123"


@pytest.mark.parametrize("name", sorted(ENOUGH))
def test_a_missing_setting_is_named_with_the_way_to_get_it(enough: pytest.MonkeyPatch, name: str) -> None:
    enough.delenv(name)
    assert line_of_failure() == f"{name} is missing. How to get it: {how_to_get(name)}"


@pytest.mark.parametrize("name", sorted(ENOUGH))
def test_an_empty_setting_counts_as_missing(enough: pytest.MonkeyPatch, name: str) -> None:
    enough.setenv(name, "")
    assert line_of_failure().startswith(f"{name} is missing.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "-77"),
        ("PORT", "65536"),
        ("PUBLIC_URL", "my.server.test"),
        ("PUBLIC_URL", "ftp://my.server.test"),
        ("PUBLIC_URL", "https://[broken"),
        ("SLACK_API_URL", "nonsense"),
        ("SLACK_BOT_TOKEN", "xoxp-a-person's"),
        ("SLACK_APP_TOKEN", "xoxb-not-this-one"),
        ("SLACK_SIGNING_SECRET", "   "),
        ("ZOHO_ACCOUNTS_URL", "accounts.of.test"),
        ("ZOHO_EXTRA_HOSTS", "somewhere"),
        ("ZOHO_EXTRA_HOSTS", "http://localhost:80"),
        ("ZOHO_EXTRA_HOSTS", "localhost:70000"),
        ("REDIS_URL", "http://secret-place"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("ENCRYPTION_KEYS", "too-short-a-key"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_never_shown(
    enough: pytest.MonkeyPatch, name: str, value: str
) -> None:
    enough.setenv(name, value)
    line = line_of_failure()
    assert line.startswith(f"{name} is wrong: ")
    assert how_to_get(name) in line
    assert not value.strip() or value not in line


@pytest.mark.parametrize(
    ("given", "asked"),
    [("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"), ("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID")],
)
def test_half_of_a_slack_client_asks_for_the_other_half(
    enough: pytest.MonkeyPatch, given: str, asked: str
) -> None:
    enough.setenv(given, "12345.6789")
    assert line_of_failure().startswith(f"{asked} is missing")


def test_a_slack_client_stands_in_for_a_bot_token(enough: pytest.MonkeyPatch) -> None:
    enough.delenv("SLACK_BOT_TOKEN")
    enough.setenv("SLACK_CLIENT_ID", "12345.6789")
    enough.setenv("SLACK_CLIENT_SECRET", "client-secret")
    assert not load().one_workspace


def test_a_redis_of_ones_own_needs_keys_of_ones_own(enough: pytest.MonkeyPatch) -> None:
    enough.setenv("REDIS_URL", "redis://localhost:6379/0")
    assert line_of_failure().startswith("ENCRYPTION_KEYS is missing; it is required with REDIS_URL")
    enough.setenv("ENCRYPTION_KEYS", KEY)
    assert not load().embedded


def test_the_first_start_makes_a_key_file_that_later_starts_read(enough: pytest.MonkeyPatch) -> None:
    first, second = load(), load()
    path = first.data_dir / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert first.encryption_keys == second.encryption_keys
    assert is_fernet_key(first.encryption_keys[0].get_secret_value())


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "data" / KEY_FILE
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key_from_file, [path] * 8))
    assert len(keys) == 1
    assert os.listdir(path.parent) == [KEY_FILE]  # noqa: PTH208 - names only


def test_a_key_file_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    path.write_text(KEY)
    path.chmod(0o644)
    assert key_from_file(path) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"broken", b"\xff\xfe"])
def test_a_damaged_key_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(content)
    with pytest.raises(SettingMissing, match="key file"):
        key_from_file(path)
    assert path.read_bytes() == content


def test_a_data_folder_that_cannot_be_made_is_one_line(enough: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    enough.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    assert line_of_failure().startswith("DATA_DIR: the key file ")


def test_several_keys_keep_their_order(enough: pytest.MonkeyPatch) -> None:
    enough.setenv("ENCRYPTION_KEYS", f"{'a' * 64}, {KEY} ,")
    assert [key.get_secret_value() for key in load().encryption_keys] == ["a" * 64, KEY]


@pytest.mark.parametrize(
    ("key", "usable"),
    [(KEY, True), ("0123456789abcdef" * 4, True), ("x" * 32, True), ("x" * 31, False), ("", False)],
)
def test_a_key_is_a_fernet_key_or_any_secret_of_32_characters(key: str, usable: bool) -> None:
    assert is_usable_key(key) is usable


def test_no_secret_shows_in_the_settings_own_words(enough: pytest.MonkeyPatch) -> None:
    enough.setenv("REDIS_URL", "redis://:redis-password@localhost:6379")
    enough.setenv("ENCRYPTION_KEYS", KEY)
    settings = load()
    words = f"{settings} {settings!r}"
    secrets = settings.secrets()
    assert {"signing-secret", "xoxb-made-up", "client-secret", "redis-password", KEY} <= set(secrets)
    assert not [secret for secret in secrets if secret in words]


def test_settings_also_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, enough: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", str(tmp_path / ".env"))
    assert load().port == 4000
    enough.setenv("PORT", "5000")
    assert load().port == 5000


def test_the_manifest_needs_no_secret_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://dext.example.com/")
    assert load_listening().public_url == "https://dext.example.com"


def test_the_doctor_hears_of_every_problem_at_once() -> None:
    assert [problem.name for problem in problems()] == [
        "SLACK_SIGNING_SECRET",
        "ZOHO_CLIENT_ID",
        "ZOHO_CLIENT_SECRET",
    ]
    assert problems(**{name.lower(): value for name, value in ENOUGH.items()}) == ()


def test_settings_cannot_be_changed_afterwards(enough: pytest.MonkeyPatch) -> None:
    settings = load()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
