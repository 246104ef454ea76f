"""Files into documents. A reader takes a name and bytes and gives a Reading, or None for what is not its
own; it raises WrongInput for what is its own but cannot be used."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.reading import Reading
from bot.errors import WrongInput
from bot.readers import dext_csv

READERS: tuple[Callable[[str, bytes], Reading | None], ...] = (dext_csv.read,)
LARGEST_FILE = 10_000_000


def read(filename: str, content: bytes) -> Reading:
    """The documents of a file. Raises WrongInput when it is empty, too large or no reader takes it."""
    if not content.strip():
        raise WrongInput(f"{filename} is empty.", advice="Export it again.")
    if len(content) > LARGEST_FILE:
        raise WrongInput(f"{filename} is larger than {LARGEST_FILE // 1_000_000} MB.", advice="Split it.")
    for reader in READERS:
        reading = reader(filename, content)
        if reading is not None:
            return reading
    raise WrongInput(
        f"{filename} is not a Dext export.",
        advice="Give a CSV file with headings such as Receipt ID, Type, Date, Supplier and Total.",
    )
