"""Zoho Books' refusals into sentences. Numbers are reused across modules: status, code and kind decide.

https://www.zoho.com/books/api/v3/errors/ ; Zoho's own message is always part of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import ReconnectNeeded, Refused


@dataclass(frozen=True, slots=True)
class Cause:
    word: str
    says: str
    advice: str


_RIGHTS = "Whoever connected Zoho Books needs that right there; then an Admin can `/dext reconnect`."
_CHANGE = "Press Edit and change it, then publish again."
_OTHER_TAX = "Choose another tax with Edit."
_REPORT = "Press Retry; if it stays, tell who runs this bot what Zoho Books says."
_THERE = "Look at the record in Zoho Books; undo there what hangs on it."
_REFRESH = "Refresh the lists with `/dext refresh`, choose another one, then publish again."
CAUSES: dict[str, Cause] = {
    "13011": Cause("number_used", "The bill number is used for this supplier already", _CHANGE),
    "1001": Cause("number_used", "The number is used already", _CHANGE),
    "12018": Cause("number_used", "The number of the credit is used already", _CHANGE),
    "3062": Cause("name_used", "A contact of this name is there already", _REFRESH),
    "3013": Cause("name_refused", "Zoho Books does not take this name", _CHANGE),
    "1002": Cause("gone", "Something this item uses is gone or inactive", _REFRESH),
    "13009": Cause("category", "The category is missing", _CHANGE),
    "4016": Cause("lines", "There is no line to book", _CHANGE),
    "9004": Cause("currency", "The currency is not switched on", _CHANGE),
    "5015": Cause("amount", "The amount is not accepted", _CHANGE),
    "3032": Cause("tax", "The tax does not fit where the supplier is", _OTHER_TAX),
    "71510": Cause("tax", "The tax and the reverse charge exclude each other", _OTHER_TAX),
    "71512": Cause("tax", "The supplier has no tax number, so a reverse charge is wanted", _OTHER_TAX),
    "110942": Cause("tax", "This tax cannot be used here", _OTHER_TAX),
    "110817": Cause("tax", "Sales tax is not switched on in Zoho Books", "Switch it on there, then refresh."),
    "108004": Cause(
        "payment_account",
        "The account is another one than that of the bank's entry",
        "Choose another payment account with Edit.",
    ),
    "6041": Cause(
        "organisation", "We have no access to this organisation", "An Admin can `/dext reconnect`."
    ),
    "57": Cause("rights", "Our sign-in has no right to do this", _RIGHTS),
    "36": Cause("dependents", "Other records hang on this one", _THERE),
    "1004": Cause("dependents", "Other records hang on this one", _THERE),
    "3000": Cause("dependents", "The contact has transactions", _THERE),
    "12005": Cause("credit", "The credit cannot be used for an invoice that is a draft", _THERE),
    "12006": Cause("credit", "The credit cannot be used for an invoice that is closed", _THERE),
    "12007": Cause("credit", "The credit cannot be used for an invoice that is void", _THERE),
    "15": Cause("field", "A field is not known there", _REPORT),
    "1038": Cause("field", "What we sent cannot be read there", _REPORT),
    "5": Cause("field", "What we asked for is not there", _REPORT),
    "4": Cause("field", "A value is missing or not accepted", _CHANGE),
    "2": Cause("field", "A value is not accepted", _CHANGE),
}
_LOCKED = Cause("locked", "The date lies before the lock date", "Change the date, or unlock in Zoho Books.")
_USED = Cause("number_used", "The number is used already", _CHANGE)
_OTHER = Cause("refused", "Zoho Books refused it", "Change the item, then publish again.")
_VAGUE = ("refused", "field")
_SPEAKS_OF_A_USED_NUMBER = re.compile(
    r"\bnumber\b.*\b(?:already (?:been )?used|already exists)\b", re.IGNORECASE
)
"""No number is known for a vendor credit's number that is used."""
_SPEAKS_OF_A_LOCK = re.compile(r"\block(?:s|ed|ing)?\b", re.IGNORECASE)
"""No number is known for a locked period. Where the number is clear, its message may name anything: a
supplier called Blockley, a bill LOCK-1."""
_SPEAKS_OF_THE_SUBSCRIPTION = re.compile(
    r"\b(?:your|the) (?:\w+ ){0,4}?(?:subscription|trial|plan)\b(?: \w+){0,4}? (?:has|is|was) (?:been )?"
    r"(?:expired|inactive|not active|ended|cancell?ed|suspended)\b"
    r"|\bthis organi[sz]ation (?:is|has been) (?:inactive|not active|suspended|deactivated)\b",
    re.IGNORECASE,
)
"""No number is known for it either. Read narrowly: while it lasts everything is held, as for a dead sign-in,
and a message may quote what somebody typed."""


def fault(status: int, code: str, message: str) -> Refused | ReconnectNeeded:
    """What an answer that is no success means."""
    is_open = code not in CAUSES or CAUSES[code].word == "rights"
    if is_open and _SPEAKS_OF_THE_SUBSCRIPTION.search(message):
        own_words = message.strip().rstrip(".")
        return ReconnectNeeded(
            f"The subscription of Zoho Books is not active: renew it there. Zoho Books says: {own_words}.",
            advice="An Admin can sign in again then with `/dext reconnect`.",
        )
    return refusal(status, code, message)


def refusal(status: int, code: str, message: str) -> Refused:
    """Zoho's code and message into our sentence, cause and advice."""
    cause = CAUSES.get(code, _OTHER)
    if cause.word in _VAGUE and _SPEAKS_OF_A_LOCK.search(message):
        cause = _LOCKED
    elif cause.word in _VAGUE and _SPEAKS_OF_A_USED_NUMBER.search(message):
        cause = _USED
    own_words = message.strip().rstrip(".") or f"code {code}"
    return Refused(
        f"{cause.says}. Zoho Books says: {own_words}.",
        cause=cause.word,
        advice=cause.advice,
        status=status,
        code=code,
        message=message,
    )
