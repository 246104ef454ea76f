"""The kinds of values that items are sent in, each with its rule and its place in the description."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from bot.domain import money
from bot.domain.attachments import LARGEST_FILE, LONGEST_NAME

_AMOUNT = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_BASE64 = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$"
_FILE_NAME = r"^[^/\\\x00-\x1f\x7f]+$"
_CONTENT_TYPE = r"^[A-Za-z0-9][A-Za-z0-9.+-]*/[A-Za-z0-9][A-Za-z0-9.+-]*$"
LONGEST_BASE64 = (LARGEST_FILE + 2) // 3 * 4
CURRENCIES = [code for code in money.all_currencies() if money.is_currency(code)]


def _amount(value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str):
        # A JSON number goes through a float on its way, in most programs: 0.1 + 0.2 is not 0.3 there.
        raise ValueError('Send amounts as text, such as "144.00": JSON numbers lose digits on their way.')
    if not re.fullmatch(_AMOUNT, value, re.ASCII):
        raise ValueError(
            'Write it like "144.00": digits, a point, at most 12 digits before and 6 after it, no currency.'
        )
    return Decimal(value)


def _day(value: Any) -> dt.date | None:
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError('Write the date like "2026-10-05".')
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("There is no such day.") from None


def _currency(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not money.is_currency(value):
        raise ValueError('Not a currency of ISO 4217, such as "GBP".')
    return value


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or not value:
        raise ValueError("Send the file's bytes in base64.")
    if len(value) > LONGEST_BASE64:
        raise ValueError(f"The file is larger than {LARGEST_FILE // 1024**2} MB.")
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("This is not base64 (RFC 4648, section 4, without line breaks).") from None
    if len(content) > LARGEST_FILE:
        raise ValueError(f"The file is larger than {LARGEST_FILE // 1024**2} MB.")
    return content


Amount = Annotated[
    Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "string", "pattern": _AMOUNT, "maxLength": 20})
]
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Currency = Annotated[str, BeforeValidator(_currency), WithJsonSchema({"type": "string", "enum": CURRENCIES})]
FileBytes = Annotated[
    bytes,
    BeforeValidator(_bytes),
    WithJsonSchema(
        {
            "type": "string",
            "contentEncoding": "base64",
            "pattern": _BASE64,
            "minLength": 4,
            "maxLength": LONGEST_BASE64,
        }
    ),
]
FileName = Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=_FILE_NAME)]
ContentType = Annotated[str, StringConstraints(max_length=100, pattern=_CONTENT_TYPE)]
Id = Annotated[str, StringConstraints(max_length=128, min_length=1, pattern=r"\S")]
Name = Annotated[str, StringConstraints(max_length=200)]
Number = Annotated[str, StringConstraints(max_length=100)]
Text = Annotated[str, StringConstraints(max_length=2000)]
