"""Every error a person may see, as a tree.

BotError
├── NotAllowed            the person lacks the role
├── WrongInput            what was typed or sent cannot be used
│   ├── FieldErrors       … one sentence for each field of a form
│   └── UnknownFile       … a file of a kind that nobody here reads
├── NotFound              the item, business or entry is not (or no longer) there
├── NotConnected          no accounting software is connected
├── ReconnectNeeded       the accounting software no longer accepts our sign-in
├── SignInFailed          the sign-in at the accounting software did not succeed
├── SettingMissing        a setting of the program or of a business is missing or wrong
├── NotReady              the item cannot be published yet
├── AlreadyDone           somebody was first; nothing was changed
├── StorageUnavailable    Redis does not answer
└── AccountingError       the accounting software did not do as asked
    ├── Refused           it said no; asking again changes nothing
    ├── RateLimited       it wants us to wait; `retry_after_seconds` says how long
    ├── Unavailable       it does not answer, or answers with a fault of its own
    └── AnswerLost        a write was sent and its answer never came: look before sending again
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class BotError(Exception):
    """A fault with a sentence for a person.

    `says` is one plain sentence of what is wrong; `advice` one sentence of what to do; `action` the
    action id of a button that mends it, `link` the page of the record that is in the way, when there is one.
    """

    def __init__(self, says: str, *, advice: str = "", action: str = "", link: str = "") -> None:
        super().__init__(says)
        self.says = says
        self.advice = advice
        self.action = action
        self.link = link

    @property
    def sentence(self) -> str:
        """Both sentences, as a person reads them."""
        return f"{self.says} {self.advice}".strip()

    def __str__(self) -> str:
        return self.sentence


class NotAllowed(BotError):
    """The person lacks the role that an act needs; `who` has it (Slack ids, for mentions)."""

    def __init__(
        self, says: str, *, who: tuple[str, ...] = (), role: str = "Admin", advice: str = ""
    ) -> None:
        super().__init__(says, advice=advice)
        self.who = who
        self.role = role


class WrongInput(BotError):
    """What was typed or sent cannot be used."""


class FieldErrors(WrongInput):
    """A form with wrong fields; `fields` maps a field's name to its sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class UnknownFile(WrongInput):
    """A file of a kind that no reader takes: a picture, a letter, another table."""


class NotFound(BotError):
    """The thing asked for is not, or no longer, there."""


class NotConnected(BotError):
    """No accounting software is connected to the business."""

    def __init__(
        self,
        says: str = "No accounting software is connected.",
        *,
        advice: str = "An Admin can connect it with `/dext connect`.",
        action: str = "connect.software",
    ) -> None:
        super().__init__(says, advice=advice, action=action)


class ReconnectNeeded(BotError):
    """The accounting software no longer accepts our sign-in; only a person can mend that."""

    def __init__(self, says: str, *, advice: str = "", action: str = "connection.reconnect") -> None:
        super().__init__(says, advice=advice, action=action)


class SignInFailed(BotError):
    """The sign-in at the accounting software was refused, cancelled, expired or forged."""


class SettingMissing(BotError):
    """A setting is missing or wrong. `name` is the variable or the field people see."""

    def __init__(self, name: str, says: str, *, advice: str = "", action: str = "") -> None:
        super().__init__(says, advice=advice, action=action)
        self.name = name


class NotReady(BotError):
    """The item cannot be published yet. `missing` names each reason in words; `cause` is a word of ours where
    there is but one thing to answer; `mends` are further actions that help, each with its value."""

    def __init__(
        self,
        missing: tuple[str, ...],
        *,
        advice: str = "",
        action: str = "",
        cause: str = "",
        mends: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(f"This item needs attention: {', '.join(missing)}.", advice=advice, action=action)
        self.missing = missing
        self.cause = cause
        self.mends = mends


class AlreadyDone(BotError):
    """Somebody else was first; the sentence says who and when. Nothing was changed."""


class StorageUnavailable(BotError):
    """Redis does not answer."""


class AccountingError(BotError):
    """The accounting software did not do as asked.

    `code` and `message` are its own, `status` is the HTTP status (0 when there was no answer).
    """

    def __init__(
        self,
        says: str,
        *,
        advice: str = "",
        action: str = "",
        status: int = 0,
        code: str = "",
        message: str = "",
    ) -> None:
        super().__init__(says, advice=advice, action=action)
        self.status = status
        self.code = code
        self.message = message


class Refused(AccountingError):
    """It said no; asking again changes nothing. `cause` is a word of ours, e.g. `number_used`."""

    def __init__(
        self,
        says: str,
        *,
        cause: str = "",
        advice: str = "",
        action: str = "",
        status: int = 0,
        code: str = "",
        message: str = "",
        is_prevented: bool = False,
    ) -> None:
        super().__init__(says, advice=advice, action=action, status=status, code=code, message=message)
        self.cause = cause
        self.is_prevented = is_prevented
        """We found it before anything was sent."""


class RateLimited(AccountingError):
    """It wants us to wait."""

    def __init__(
        self,
        says: str,
        *,
        retry_after_seconds: float,
        until: datetime | None = None,
        code: str = "",
        message: str = "",
    ) -> None:
        super().__init__(says, status=429, code=code, message=message)
        self.retry_after_seconds = retry_after_seconds
        self.until = until


class Unavailable(AccountingError):
    """It does not answer, or answers with a fault of its own; later may be better."""


class AnswerLost(AccountingError):
    """A write was sent and its answer never came: it must be looked up before anything is sent again."""
