"""Settings: the only reader of the environment, and what to say when one is missing or wrong.

Nothing is read at import time. `load()` gives complete settings or raises `SettingMissing` with one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingMissing
from bot.keyfile import KEY_FILE, SHORTEST_KEY, is_usable_key, key_from_file

APP_NAME = "dext-for-slack"
SLACK_API = "https://slack.com/api/"
ZOHO_ACCOUNTS = "https://accounts.zoho.com"
HOST_PORT = re.compile(r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):(?P<port>\d{1,5})")
HIGHEST_PORT = 65535
REDIS_SCHEMES = (
    "redis",
    "rediss",
    "unix",
    "redis+sentinel",
    "rediss+sentinel",
    "redis+cluster",
    "rediss+cluster",
)

HOW = "how"
"""Key in a field's `json_schema_extra`: one sentence on how to get the value."""


T = TypeVar("T", bound="Listening")


def _setting(default: Any, meaning: str, how: str, **more: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra={HOW: how}, **more)


class Listening(BaseSettings):
    """Where the bot listens and how it is reached: all that the manifest needs."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    public_url: str = _setting(
        "",
        "How browsers and Slack reach this server.",
        "Use the address of your server or tunnel, e.g. https://dext.example.com; "
        "without it http://localhost:PORT is used.",
    )
    host: str = _setting("127.0.0.1", "The address the server listens on.", "Use 0.0.0.0 for all addresses.")
    port: int = _setting(
        3000, "The port the server listens on.", "Use a free port from 1 to 65535.", ge=1, le=HIGHEST_PORT
    )
    slack_app_token: SecretStr | None = _setting(
        None,
        "When set, Socket Mode is used instead of HTTP: Slack needs no public address then.",
        "Slack app → Basic Information → App-Level Tokens, with the scope connections:write (xapp-…).",
    )

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        return _web_address(value).rstrip("/") if value else ""

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _starts_with(value, "xapp-", "an app-level token starts with xapp-")

    @model_validator(mode="after")
    def _public_url_follows_port(self) -> Self:
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://localhost:{self.port}")
        return self


class Settings(Listening):
    """Every setting of the bot. Field names in capitals are the environment variables."""

    slack_signing_secret: SecretStr = _setting(
        ...,
        "Verifies that a request comes from Slack.",
        "Slack app → Basic Information → Signing Secret.",
    )
    slack_bot_token: SecretStr | None = _setting(
        None,
        "The bot's token for one workspace; no install flow is needed then.",
        "Slack app → OAuth & Permissions → Bot User OAuth Token (xoxb-…), after installing the app.",
    )
    slack_client_id: str | None = _setting(
        None,
        "With SLACK_CLIENT_SECRET: for many workspaces, through the install page.",
        "Slack app → Basic Information → Client ID.",
    )
    slack_client_secret: SecretStr | None = _setting(
        None,
        "Belongs to SLACK_CLIENT_ID.",
        "Slack app → Basic Information → Client Secret.",
    )
    slack_api_url: str = _setting(
        SLACK_API,
        "The base address of Slack's Web API.",
        "Leave it empty unless you test against a stand-in.",
    )
    zoho_client_id: str = _setting(
        ...,
        "The OAuth client at Zoho.",
        "api-console.zoho.com → Add Client → Server-based Applications → Client ID.",
        min_length=1,
    )
    zoho_client_secret: SecretStr = _setting(
        ...,
        "Belongs to ZOHO_CLIENT_ID.",
        "api-console.zoho.com → your client → Client Secret.",
    )
    zoho_accounts_url: str = _setting(
        ZOHO_ACCOUNTS,
        "Where the sign-in at Zoho starts; Zoho leads people of other data centres on by itself.",
        "Use the address where you sign in yourself, e.g. https://accounts.zoho.eu for the EU.",
    )
    extra_hosts: Annotated[frozenset[str], NoDecode] = _setting(
        frozenset(),
        "Further host:port pairs, comma-separated, trusted as Zoho accounts or API servers besides "
        "Zoho's own data centres; for sandboxes and tests.",
        "Leave it empty for the real Zoho Books; otherwise e.g. localhost:8090.",
        validation_alias=AliasChoices("zoho_extra_hosts", "extra_hosts"),
    )
    redis_url: SecretStr | None = _setting(
        None,
        "The Redis server; when empty, one is started here with its data in DATA_DIR.",
        "Use redis://…, rediss://… (TLS) or unix://…, as your Redis host gives it.",
    )
    data_dir: Path = _setting(
        Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)),
        "The folder where the embedded Redis keeps its data and the key file lies.",
        "Use a folder that only this program's user may read.",
    )
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = _setting(
        (),
        "Keys for stored tokens, comma-separated, newest first: encrypted with the first, readable with any. "
        "With the embedded Redis a key file is made in DATA_DIR on the first start.",
        "Make one with: openssl rand -base64 32 (or any other secret of at least 32 characters).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "How much is logged.", "Use debug, info, warning or error."
    )
    log_format: Literal["console", "json"] | None = _setting(
        None, "How log lines look; console on a terminal and json elsewhere.", "Use console or json."
    )

    @field_validator("slack_signing_secret", "zoho_client_secret", "slack_client_secret")
    @classmethod
    def _is_not_blank(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip():
            raise ValueError("it is blank")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _starts_with(value, "xoxb-", "a bot token starts with xoxb-")

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        return _web_address(value).rstrip("/") + "/"

    @field_validator("zoho_accounts_url")
    @classmethod
    def _has_no_slash(cls, value: str) -> str:
        return _web_address(value).rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _is_redis_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        if urlsplit(value.get_secret_value()).scheme not in REDIS_SCHEMES:
            raise ValueError("it is not a Redis address")
        return value

    @field_validator("extra_hosts", mode="before")
    @classmethod
    def _are_hosts(cls, value: object) -> frozenset[str]:
        parts = value.split(",") if isinstance(value, str) else [str(part) for part in _listed(value)]
        return frozenset(_host_and_port(part.strip().lower()) for part in parts if part.strip())

    @field_validator("data_dir")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _are_keys(cls, value: object) -> tuple[SecretStr, ...]:
        parts = value.split(",") if isinstance(value, str) else [_revealed(part) for part in _listed(value)]
        keys = [part.strip() for part in parts if part.strip()]
        for place, key in enumerate(keys, start=1):
            if not is_usable_key(key):
                raise ValueError(
                    f"key {place} of {len(keys)} has {len(key)} characters, fewer than {SHORTEST_KEY}"
                )
        return tuple(SecretStr(key) for key in keys)

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            name = "SLACK_CLIENT_SECRET" if self.slack_client_id else "SLACK_CLIENT_ID"
            raise ValueError(f"{name}: is missing; the two go together")
        if self.slack_bot_token is None and not self.slack_client_id:
            raise ValueError("SLACK_BOT_TOKEN: is missing")
        if self.redis_url is not None and not self.encryption_keys:
            raise ValueError("ENCRYPTION_KEYS: is missing; it is required with REDIS_URL")
        return self

    @property
    def embedded(self) -> bool:
        """True when this machine starts its own Redis in `data_dir`."""
        return self.redis_url is None

    @property
    def one_workspace(self) -> bool:
        """True when a bot token stands for the single workspace."""
        return self.slack_bot_token is not None

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, so that the log can leave them out."""
        found = [value for value in dict(self).values() if isinstance(value, SecretStr)]
        redis_password = urlsplit(_revealed(self.redis_url or "")).password
        values = [_revealed(value) for value in (*found, *self.encryption_keys)]
        return tuple(filter(None, (*values, redis_password)))


def variable(field: str) -> str:
    """The environment variable of a field: `data_dir` is `DATA_DIR`."""
    return "ZOHO_EXTRA_HOSTS" if field in {"extra_hosts", "zoho_extra_hosts"} else field.upper()


def how_to_get(name: str) -> str:
    """One sentence on how to get the value of the variable `name`; empty for an unknown one."""
    for field, info in Settings.model_fields.items():
        if variable(field) == name and isinstance(info.json_schema_extra, dict):
            return str(info.json_schema_extra[HOW])
    return ""


def load(**given: Any) -> Settings:
    """The complete settings: from `given`, the environment and `.env`, in this order.

    Makes the key file on the first start with the embedded Redis.
    Raises `SettingMissing` for the first setting that is missing or wrong; its line never shows a value.
    """
    settings = _checked(Settings, given)
    if settings.embedded and not settings.encryption_keys:
        key = key_from_file(settings.data_dir / KEY_FILE)
        return settings.model_copy(update={"encryption_keys": (SecretStr(key),)})
    return settings


def load_listening(**given: Any) -> Listening:
    """Only what the manifest needs, so that it can be made before the Slack app exists."""
    return _checked(Listening, given)


def problems(**given: Any) -> tuple[SettingMissing, ...]:
    """Every setting that is missing or wrong, for the doctor; empty when all are right."""
    try:
        Settings(**given)
    except ValidationError as error:
        return tuple(_as_error(detail) for detail in error.errors(include_url=False, include_input=False))
    except (OSError, UnicodeDecodeError) as error:
        return (_unreadable_env_file(error),)
    return ()


def _checked(kind: type[T], given: Mapping[str, Any]) -> T:
    try:
        return kind(**given)
    except ValidationError as error:
        raise _as_error(error.errors(include_url=False, include_input=False)[0]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable_env_file(error) from None


def _unreadable_env_file(error: Exception) -> SettingMissing:
    reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
    return SettingMissing(".env", f"The file .env cannot be read: {reason}.")


def _as_error(detail: Mapping[str, Any]) -> SettingMissing:
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["loc"]:
        name = variable(str(detail["loc"][0]))
        fault = "is missing" if detail["type"] == "missing" else f"is wrong: {_lower_first(message)}"
    else:  # a rule over several settings names its variable itself
        name, _, fault = message.partition(": ")
    how = how_to_get(name)
    return SettingMissing(name, f"{name} {fault}.", advice=f"How to get it: {how}" if how else "")


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("it is not an address that starts with http:// or https://")
    return value.strip()


def _host_and_port(value: str) -> str:
    match = HOST_PORT.fullmatch(value)
    if match is None or not 1 <= int(match["port"]) <= HIGHEST_PORT:
        raise ValueError("each entry is host:port, as in localhost:8090")
    return value


def _starts_with(value: SecretStr | None, prefix: str, rule: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefix):
        raise ValueError(rule)
    return value


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _revealed(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
