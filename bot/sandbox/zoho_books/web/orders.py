"""Trouble that can be ordered by a button: from a form to a `Trouble`, with its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.sandbox.zoho_books.books import SIGN_IN, Trouble

Form = Mapping[str, str]
MOST_TIMES, MOST_SECONDS, LONGEST_WAIT = 1000, 120.0, 86_400
TOKENS = f"{SIGN_IN}/v2/token"
TOO_MANY = 429
THROTTLES = {
    "44": "For security reasons you have been blocked for some time: too many requests per minute.",
    "45": "The maximum call rate limit has been exceeded for the day.",
    "43": "Too many requests. Please try again after some time.",
    "1070": "The maximum number of concurrent requests has been exceeded.",
}
THROTTLE_WORDS = {
    "44": "44: more than 100 calls in a minute",
    "45": "45: the day's calls are used up",
    "43": "43: blocked, with a time to wait",
    "1070": "1070: too many calls at once",
}
DOWN = {"500": "An internal error occurred.", "503": "The service is not available at the moment."}
REFUSALS = {
    "locked": (400, 1070001, "Transactions before the lock date cannot be added."),
    "inactive": (400, 1002, "The account does not exist or is inactive."),
    "used": (400, 13011, "The bill number has already been used for this vendor."),
    "rights": (401, 57, "You are not authorized to perform this operation"),
}
REFUSAL_WORDS = {
    "used": "The bill number is used already",
    "inactive": "The account is inactive",
    "locked": "The period is locked",
    "rights": "The app has no right to add bills",
}


class NotOrdered(Exception):
    """Why nothing was ordered, as a sentence."""


def throttle(form: Form) -> list[Trouble]:
    """429, with what Zoho says about when to come again."""
    code = _choice(form, "code", THROTTLES)
    wait = str(int(_number(form, "wait", 1, LONGEST_WAIT, 60)))
    headers = {
        "43": {"Retry-After": wait},
        "45": {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": wait},
    }.get(code, {})
    label = f"Too many calls (429, code {code})"
    return [_lasting(form, Trouble(TOO_MANY, int(code), THROTTLES[code], headers=headers, label=label))]


def down(form: Form) -> list[Trouble]:
    """The API, and with it the sign-in server where that is wanted."""
    status = _choice(form, "status", DOWN)
    says = DOWN[status]
    wanted = {"Zoho Books": ""} | ({"Sign-in": TOKENS} if form.get("sign_in") else {})
    return [
        _lasting(form, Trouble(int(status), 1000, says, path=path, label=f"{name} is down ({status})"))
        for name, path in wanted.items()
    ]


def slow(form: Form) -> list[Trouble]:
    seconds = _number(form, "seconds", 0.1, MOST_SECONDS, 5)
    return [_lasting(form, Trouble(0, delay_seconds=seconds, label=f"Answers come {seconds:g} s late"))]


def lose(_: Form) -> list[Trouble]:
    """The next record is written, and nobody hears of it."""
    return [Trouble(after_write=True, method="POST", label="The next record is written, its answer is lost")]


def refuse(form: Form) -> list[Trouble]:
    why = _choice(form, "why", REFUSALS)
    label = f"The next bill is refused: {REFUSAL_WORDS[why].lower()}"
    return [Trouble(*REFUSALS[why], path="/bills", method="POST", is_whole_path=True, label=label)]


ORDERS: dict[str, Callable[[Form], list[Trouble]]] = {
    "throttle": throttle, "down": down, "slow": slow, "lose": lose, "refuse": refuse,
}  # fmt: skip


def ordered(kind: str, form: Form) -> list[Trouble]:
    """The troubles of a form; NotOrdered says what to put right."""
    if kind not in ORDERS:
        raise NotOrdered("There is no such trouble to make. Choose one on the page.")
    return ORDERS[kind](form)


def left(trouble: Trouble) -> str:
    if trouble.is_lasting:
        return "until it is cleared"
    return "next call" if trouble.times == 1 else f"next {trouble.times} calls"


def _lasting(form: Form, trouble: Trouble) -> Trouble:
    """For as many calls as the form says, or until it is cleared."""
    trouble.is_lasting = form.get("until") == "cleared"
    if not trouble.is_lasting:
        trouble.times = int(_number(form, "times", 1, MOST_TIMES, 1))
    return trouble


def _choice(form: Form, name: str, choices: Mapping[str, object]) -> str:
    if form.get(name) not in choices:
        raise NotOrdered("Choose one of the choices on the page.")
    return form[name]


def _number(form: Form, name: str, least: float, most: float, default: float) -> float:
    try:
        value = float(form.get(name) or default)
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise NotOrdered(f"Write a number from {least:g} to {most:g}.")
    return value
