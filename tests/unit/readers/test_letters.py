"""Which encoding a file without a mark is read in: by the words that its letters make."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import readers
from bot.readers import languages
from bot.readers.text import ENCODINGS, Letters, letters

SUPPLIERS = {
    "cp1252": (
        "Café Zürich", "Société Générale", "Müller & Söhne GmbH", "Papelería Española", "Peña SL",
        "Électricité de France", "Bäckerei Größl", "Café São João", "Åkesson Bygg AB", "Løkke Ejendomme ApS",
        "Þórður Jónsson ehf", "Caffè Perù S.r.l.", "Crédit Agricole", "L’Oréal", "Æblegård", "Núria Muñoz",
    ),
    "cp1250": (
        "Łódzka Papiernia", "Gdańsk Druk", "Škoda Plzeň", "Papírnictví Žižkov", "Świat Książki",
        "Żabka Polska", "Česká pošta", "Kovács és Fia Kft", "Čačak Papir", "Drukarnia Wrocław",
        "Győri Nyomda",
    ),
    "cp1251": ("Бумага и картриджи", "ООО Ромашка", "Київ Папір", "Пощенска кутия", "Україна", "Яндекс"),
    "cp1253": ("Χαρτί και μελάνι", "Αθήνα ΑΕ", "Ελληνικά Ταχυδρομεία", "ΔΕΗ"),
    "cp1254": (
        "Şişli Kırtasiye", "Güneş Matbaa", "İstanbul Kağıt", "Türk Telekom", "Çağdaş Ofis", "Beşiktaş",
    ),
    "cp1255": ("חברת החשמל", "נייר ישראל", "סופר פארם", "תל אביב דפוס"),
    "cp1256": ("شركة الورق", "مكتبة جرير", "مصر للطيران", "بنك مصر"),
    "cp1257": ("Lietuvos paštas", "Rīgas papīrs", "Žalgirio raštinė", "Latvijas Dzelzceļš", "Ķekava", "Tõnu"),
    "cp874": ("บริษัท กระดาษ จำกัด", "การไฟฟ้า", "ไปรษณีย์ไทย"),
    "cp932": ("株式会社テスト", "日本郵便", "東京電力", "ヨドバシカメラ", "紙業"),
    "euc_jp": ("株式会社テスト", "日本郵便"),
    "gb18030": ("北京纸业有限公司", "中国移动", "上海文具", "顺丰快递", "腾讯"),
    "cp950": ("台灣大哥大", "中華電信", "統一超商", "誠品書店"),
    "cp949": ("한국전력", "삼성전자", "서울문구", "대한항공"),
    "mac_roman": ("Café Zürich", "Société Générale", "Müller & Söhne GmbH", "Bäckerei Größl", "Peña SL"),
    "mac_latin2": ("Łódzka Papiernia", "Škoda Plzeň", "Gdańsk Druk"),
    "iso8859_2": ("Škoda Plzeň", "Śląska Drukarnia", "Łódzka Papiernia"),
    "koi8_r": ("Бумага и картриджи", "Газпром Нефть"),
}  # fmt: skip
"""Names as a spreadsheet of that country writes them."""
TOO_SHORT = {"Caffè Perù S.r.l.", "Győri Nyomda", "ΔΕΗ", "Ķekava", "Tõnu"}
"""Alone they may be something else; then that is said."""
CASES = [
    (encoding, rows, start)
    for encoding, names in SUPPLIERS.items()
    for rows in range(1, 7)
    for start in range(0, len(names), 1 if rows == 1 else 3)
]


def csv_of(names: list[str]) -> str:
    rows = [f"{number},31-Aug-2026,{name},5.00,GBP" for number, name in enumerate(names, start=1)]
    return "\r\n".join(["Item ID,Date,Supplier,Total,Currency", *rows, ""])


def read(encoding: str, names: list[str]) -> Letters:
    found = letters(csv_of(names).encode(encoding))
    assert found is not None
    return found


@pytest.mark.parametrize(("encoding", "rows", "start"), CASES)
def test_supplier_names_are_read_as_they_were_written(encoding: str, rows: int, start: int) -> None:
    """C28: from one row to six, in each encoding that a spreadsheet writes."""
    names = SUPPLIERS[encoding]
    given = [names[(start + place) % len(names)] for place in range(rows)]
    found = read(encoding, given)
    if rows > 1 or given[0] not in TOO_SHORT:
        assert found.text == csv_of(given)
    assert found.text == csv_of(given) or not found.is_certain


@pytest.mark.parametrize("encoding", [one for one in SUPPLIERS if one not in ("mac_latin2", "iso8859_2")])
def test_a_whole_file_leaves_no_doubt(encoding: str) -> None:
    """C28."""
    names = [*SUPPLIERS[encoding], "Plain Words Ltd"]
    assert read(encoding, names).is_certain


def test_a_few_letters_that_may_be_others_are_a_question_with_the_likeliest_beside() -> None:
    """C28: no wrong supplier is made in silence."""
    found = read("cp1250", ["Győri Nyomda"])
    assert not found.is_certain
    assert {found.encoding, found.others[0]} == {"cp1250", "cp1252"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_where_the_file_says_it_there_is_no_question(encoding: str) -> None:
    found = read(encoding, ["Łódzka Papiernia", "Café"])
    assert (found.encoding, found.others, found.is_certain) == ("", (), True)


def test_plain_letters_are_no_question() -> None:
    found = read("ascii", ["Acme Ltd"])
    assert (found.encoding, found.is_certain) == ("", True)


@given(st.lists(st.sampled_from(SUPPLIERS["cp1250"]), min_size=2, max_size=8, unique=True))
def test_names_together_are_read_in_any_order(names: list[str]) -> None:
    found = read("cp1250", names)
    assert found.text == csv_of(names) or not found.is_certain


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_left(content: bytes) -> None:
    found = letters(content)
    assert found is None or isinstance(found.text, str)


def test_a_chosen_encoding_is_taken() -> None:
    """C28: **Read as**."""
    content = csv_of(["Győri Nyomda"]).encode("cp1250")
    for encoding, name in (("cp1250", "Győri Nyomda"), ("cp1252", "Gyõri Nyomda")):
        reading = readers.read("costs.csv", content, encoding)
        assert [one.supplier for one in reading.documents] == [name]


def test_a_reading_offers_the_other_encodings_with_what_they_make_of_it() -> None:
    """C28."""
    reading = readers.read("costs.csv", csv_of(["Győri Nyomda"]).encode("cp1250"))
    assert reading.is_doubtful
    shown = {one.encoding: one.sample for one in reading.read_as}
    assert shown["cp1250"] == "Győri"
    assert shown["cp1252"] == "Gyõri"


def test_models_know_every_language_that_is_named() -> None:
    """Babel's own data has them all."""
    for language in {name for one in ENCODINGS for name in one.languages}:
        assert list(islice(languages.model(language).alone, 10))
