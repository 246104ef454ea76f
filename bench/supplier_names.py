"""A labelled set of suppliers' names: as a list has them, as documents write them, and near misses.

Names are facts read from reference documents (receipts of the SROIE set, MIT; UBL examples of the European
Commission, EUPL 1.2, KoSIT and the ZUGFeRD corpus, Apache 2.0; invoice2data's results, MIT) or invented.
The ways of writing and the near misses are made from them by rule or written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.domain.identity import EntryId
from bot.domain.lists import Entry

NEAR_MISS = "near miss: another supplier"
RECEIPTS = (
    "99 SPEED MART S/B", "ADVANCO COMPANY", "AEON CO. (M) BHD", "ASIA MART",
    "BENS INDEPENDENT GROCER SDN. BHD", "BEYOND BROTHERS HARDWARE", "BOOK TA .K (TAMAN DAYA) SDN BHD",
    "CARREFOUR RESTAURANT", "FUYI MINI MARKET", "HOME MASTER HARDWARE & ELECTRICAL",
    "HON HWA HARDWARE TRADING", "IKANO HANDEL SDN BHD", "LIAN HING STATIONERY SDN BHD",
    "LIGHTROOM GALLERY SDN BHD", "LIM SENG THO HARDWARE TRADING", "MR D.I.Y. (JOHOR) SDN BHD",
    "MR D.I.Y. (M) SDN BHD", "MR. D.I.Y. (KUCHAI) SDN BHD", "PAGOH REST AND SERVICE AREA",
    "PASAR MINI JIN SENG", "PASARAYA BORONG PINTAR SDN BHD", "PERNIAGAAN ZHENG HUI",
    "POPULAR BOOK CO. (M) SDN BHD", "SAM SAM TRADING CO", "SOON HUAT MACHINERY ENTERPRISE",
    "SUN VICTORY SDN BHD", "SUN WONG KUT SDN BHD", "SYARIKAT PERNIAGAAN GIN KEE",
    "SYL ROASTED DELIGHTS SDN. BHD.", "T.A.S LEISURE SDN BHD", "TASTE OF THE WORLD SDN BHD",
    "TEO HENG STATIONERY & BOOKS", "THAI DELICIOUS RESTAURANT", "THREE STOOGES",
    "TIMELESS KITCHENETTE SDN BHD", "TRI SHAAS SDN BHD", "UNIHAKKA INTERNATIONAL SDN BHD",
    "WAHIN HARDWARE SDN BHD", "YONG TAT HARDWARE TRADING",
)  # fmt: skip
INVOICES = (
    "My Supplier Company N.V.", "Salescompany ltd.", "Bluem BV", "De Koksmaat", "Mustermann GmbH",
    "Lieferant GmbH", "SubscriptionSeller", "The Sellercompany Incorporated", "Betriebsstätte",
    "Amazon Web Services, Inc.", "Azure Interior", "e-Luscious Nederland B.V.", "Coolblue B.V.",
)  # fmt: skip
INVENTED = (
    "Northwind Paper Ltd", "Kestrel Taxis", "Atelier Lumière SARL", "PT Samudra Jaya", "Copper & Pine, Inc.",
    "Old Mill Hosting", "Hazel Brook Staffing", "Harbour Print Works", "Brand & New Supplies Co.",
    "Müller & Söhne GmbH & Co. KG", "Panadería El Sol S.L.", "Škoda Servis s.r.o.", "Café Ærø ApS",
    "Łódź Druk Sp. z o.o.", "Fine Food Ltd", "Blue Anchor Marine Services Limited", "Gallagher O'Neill LLP",
)  # fmt: skip
NAMES = (*RECEIPTS, *INVOICES, *INVENTED)
MORE: dict[str, tuple[str, str]] = {
    "Northwind Paper Ltd": ("NWP Stationers", "GB980780684"),
    "Coolblue B.V.": ("Coolblue Rotterdam", "NL810433941B01"),
    "Bluem BV": ("Bluem Payments", "NL809163160B01"),
    "Mustermann GmbH": ("Musterhandel", "DE136695976"),
    "My Supplier Company N.V.": ("Supplier Direct", "BE0697449992"),
    "Amazon Web Services, Inc.": ("AWS", "US-91-1646860"),
    "Blue Anchor Marine Services Limited": ("Blue Anchor Chandlery", "GB434031494"),
    "Harbour Print Works": ("Quayside Printers", ""),
}
"""Company name (what it trades as) and tax number, for some."""
NEAR_MISSES = (
    "Northwind Papier GmbH", "Northwind Pepper Ltd", "Northwind Paper GmbH", "Kestrel Tires", "Kestrel Taxes",
    "Copper & Vine, Inc.", "Old Mill Roasting", "Old Hill Hosting", "Harbour Paint Works",
    "MR D.I.Y. (PERAK) SDN BHD",
    "MR D.I.Y. (SABAH) SDN BHD", "99 SPEEDY MART", "ASIA SMART", "SUN WONG KIT SDN BHD", "SUN VICTOR SDN BHD",
    "TEO HONG STATIONERY & BOOKS", "WAHID HARDWARE SDN BHD", "YONG TAI HARDWARE TRADING", "THREE STAGES",
    "Coolgreen B.V.", "Bluem GmbH", "Lieferant AG", "Fine Wood Ltd", "Fine Food GmbH", "Brand Supplies Co.",
    "Hazel Brook Stuffing", "Atelier Lumiere Ltd", "Betriebsstatt", "PASAR MINI JIN SONG",
    "The Sellercompany Inc & Sons",
    "Panadería El Sur S.L.", "Müller & Sohn KG", "De Kokmaat", "Azure Interiors", "THAI DELICIOUS",
    "SAM TRADING CO", "POPULAR BOOK CO. (S) PTE LTD", "Amazon Web Hosting", "BENS GROCER",
    "Gallagher O'Neal LLP",
)  # fmt: skip
WORDS = (
    "amber", "birch", "cedar", "dover", "ember", "fern", "glen", "hollow", "ivory", "juniper", "kelp",
    "linden", "mill", "north", "ocean", "pine", "quarry", "river", "stone", "timber", "union", "valley",
    "water", "yard", "zinc", "paper", "print", "media", "office", "travel", "foods", "energy", "motors",
    "systems", "digital", "security", "cleaning", "catering", "couriers", "electrical", "plumbing",
    "roofing", "textiles", "tiling", "tools", "windows", "works", "yarns", "norwich", "norman", "northern",
    "pacific", "papermill", "palace",
)  # fmt: skip
_SWAPS = {
    "ltd": "Limited", "limited": "Ltd.", "gmbh": "G.m.b.H.", "inc": "Incorporated", "incorporated": "Inc.",
    "sarl": "S.A.R.L.", "sdn bhd": "SDN. BHD.", "bv": "B.V.", "b.v": "BV", "n.v": "NV", "s.l": "SL",
    "s.r.o": "sro", "aps": "ApS.", "llp": "L.L.P.",
}  # fmt: skip
_SHORT = {
    "services": "Svcs", "company": "Co", "hardware": "Hdwe", "restaurant": "Rest.", "international": "Intl",
    "trading": "Trdg", "stationery": "Sty", "enterprise": "Ent", "machinery": "Mach.", "independent": "Indep",
    "hosting": "Host", "supplies": "Supp.", "staffing": "Staff", "works": "Wks", "paper": "Ppr",
}  # fmt: skip


def entries() -> list[Entry]:
    """The suppliers as the list has them."""
    return [
        Entry(
            EntryId(str(place)),
            name,
            also_known_as=MORE[name][:1] if name in MORE else (),
            tax_number=MORE[name][1] if name in MORE else "",
        )
        for place, name in enumerate(NAMES)
    ]


def labelled() -> Iterator[tuple[str, str, str, EntryId | None]]:
    """(way of writing, name, tax number, the supplier it is; nothing for a near miss)."""
    for place, name in enumerate(NAMES):
        for way, write in WAYS.items():
            written = write(name)
            if written and written != name:
                yield way, written, "", EntryId(str(place))
    for name, (trades_as, tax_number) in MORE.items():
        right = EntryId(str(NAMES.index(name)))
        yield "trading name", trades_as.upper(), "", right
        if tax_number:
            yield "other name, same tax number", f"Store {trades_as[::-1]}", _spaced(tax_number), right
    for name in NEAR_MISSES:
        yield NEAR_MISS, name, "", None


def _spaced(number: str) -> str:
    return f"{number[:2]} {number[2:5]}.{number[5:]}".lower()


# --- ways of writing; a way that changes nothing of a name is left out


def _other_case(name: str) -> str:
    return name.title() if name.isupper() else name.upper()


def _no_accents(name: str) -> str:
    plain = {
        "è": "e",
        "ü": "u",
        "ö": "o",
        "í": "i",
        "ä": "a",
        "Š": "S",
        "é": "e",
        "Æ": "AE",
        "ø": "o",
        "ó": "o",
    }
    plain |= {"Ł": "L", "ź": "z"}
    return "".join(plain.get(character, character) for character in name)


def _punctuation(name: str) -> str:
    return re.sub(r"[.,()]", "", name.replace(" & ", " and ")).replace("  ", " ")


def _swapped_form(name: str) -> str:
    for form, other in _SWAPS.items():
        ends = re.compile(rf"[ ,]+{re.escape(form)}\.?$", re.IGNORECASE)
        if ends.search(name):
            return ends.sub(f" {other}", name)
    return ""


def _without_form(name: str) -> str:
    for form in sorted(_SWAPS, key=len, reverse=True):
        ends = re.compile(rf"[ ,]+{re.escape(form)}\.?$", re.IGNORECASE)
        if ends.search(name):
            return ends.sub("", name)
    return ""


def _longest_word(name: str) -> str:
    words: list[str] = re.findall(r"\w+", name)
    return max(words, key=len)


def _letter_missing(name: str) -> str:
    word = _longest_word(name)
    middle = len(word) // 2
    return name.replace(word, word[:middle] + word[middle + 1 :])


def _letters_swapped(name: str) -> str:
    word = _longest_word(name)
    at = len(word) // 2 - 1
    return name.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :])


def _letter_wrong(name: str) -> str:
    """As a scanner reads it."""
    for letter, other in (("O", "0"), ("I", "1"), ("e", "c"), ("E", "F"), ("a", "o"), ("A", "4")):
        if letter in name[1:]:
            at = name.index(letter, 1)
            return name[:at] + other + name[at + 1 :]
    return ""


def _first_letter_missing(name: str) -> str:
    return name[1:]


def _other_order(name: str) -> str:
    words = _without_form(name).split() or name.split()
    return " ".join([*words[1:], words[0]]) if len(words) > 1 else ""


def _no_spaces(name: str) -> str:
    bare = _without_form(name) or name
    return bare.replace(" ", "") if " " in bare else ""


def _plural(name: str) -> str:
    word = _longest_word(name)
    return name.replace(word, word[:-1] if word[-1] in "sS" else word + ("S" if word.isupper() else "s"))


def _shortened(name: str) -> str:
    words = [_SHORT.get(word.lower().strip(".,"), word) for word in name.split()]
    return " ".join(words)


def _with_branch(name: str) -> str:
    return f"{_without_form(name) or name} - Branch 12"


def _nothing(_: str) -> str:
    return ""


WAYS: dict[str, Callable[[str], str]] = {
    "other case": _other_case,
    "without accents": _no_accents,
    "other punctuation": _punctuation,
    "legal form written otherwise": _swapped_form,
    "without legal form": _without_form,
    "trading name": _nothing,
    "other name, same tax number": _nothing,
    "a letter missing": _letter_missing,
    "two letters swapped": _letters_swapped,
    "a letter misread": _letter_wrong,
    "first letter missing": _first_letter_missing,
    "other order of words": _other_order,
    "without spaces": _no_spaces,
    "plural or singular": _plural,
    "shortened words": _shortened,
    "with a branch": _with_branch,
    NEAR_MISS: _nothing,
}
MUST_BE_KNOWN = (
    "other case", "without accents", "other punctuation", "legal form written otherwise",
    "without legal form", "trading name", "other name, same tax number",
)  # fmt: skip
