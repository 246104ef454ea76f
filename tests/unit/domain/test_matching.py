"""Which entry a document's supplier is: remembered choice, name, company name, tax number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import matching, suppliers
from bot.domain.coding import Coding
from bot.domain.identity import EntryId
from bot.domain.items import Field
from bot.domain.layers import NEW
from bot.domain.lists import Entry, ListKind
from bot.domain.matching import Alias, Named
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from bot.domain.suppliers import Level
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_entry, an_item, lists_of

NORTHWIND = an_entry("Northwind Paper Ltd", also_known_as=("NWP Holdings plc",), tax_number="GB980780684")
KESTREL = an_entry("Kestrel Taxis", tax_number="GB434031494")
OLD_MILL = an_entry("Old Mill Hosting", active=False)
KNOWN = lists_of(suppliers=[NORTHWIND, KESTREL, OLD_MILL])


def found(written: str, tax_number: str = "", alias: Alias | None = None) -> Entry | None:
    return matching.match(KNOWN, Named(written, (tax_number,)), alias).entry


@pytest.mark.parametrize(
    ("written", "tax_number", "entry"),
    [
        ("NORTHWIND PAPER LIMITED", "", NORTHWIND),
        ("nwp holdings", "", NORTHWIND),
        ("Nordwind Papier", "980 7806 84", NORTHWIND),
        ("", "GB 980780684", NORTHWIND),
        ("Kestrel Taxis", "GB434031494", KESTREL),
        ("Kestrel Taxis", "GB980780684", None),  # name and number mean two
        ("Old Mill Hosting", "", OLD_MILL),
        ("Old Mill Hosting", "GB980780684", NORTHWIND),  # the active one
        ("Brand New Co", "GB111111111", None),
    ],
)
def test_a_supplier_is_known_by_its_names_and_its_tax_number(
    written: str, tax_number: str, entry: Entry | None
) -> None:
    """S21 C8: name, company name, tax number; where they mean two suppliers none is chosen."""
    assert found(written, tax_number) == entry


@pytest.mark.parametrize(
    ("said", "entry", "is_ambiguous"),
    [
        (Named("The Paper Shop", legal_name="Northwind Paper Ltd"), NORTHWIND, False),
        (
            Named("Kestrel Taxis", legal_name="Northwind Paper Ltd"),
            KESTREL,
            False,
        ),  # the name it trades under
        (Named("The Paper Shop", ("DE123", "GB980780684")), NORTHWIND, False),
        (Named("Kestrel Taxis", ("GB980780684", "GB434031494")), KESTREL, False),  # one of them is its own
        (Named("The Paper Shop", ("GB980780684", "GB434031494")), None, True),
        (Named("The Paper Shop", ("DE123",), "Nobody plc"), None, False),
    ],
)
def test_a_registered_name_and_further_tax_numbers_count_too(
    said: Named, entry: Entry | None, is_ambiguous: bool
) -> None:
    """S21: what an e-invoice says beside the name."""
    found = matching.match(KNOWN, said, None)
    assert (found.entry, found.is_ambiguous) == (entry, is_ambiguous)


def test_what_somebody_typed_stands_without_the_documents_numbers() -> None:
    """S24: by hand wins over the document."""
    item = an_item(manual={Field.SUPPLIER: f"{NEW}Weir Stationers"}, supplier_tax_number="GB980780684")
    coding = resolve(item, None, BusinessSettings(), KNOWN, GBP_ORGANISATION)
    assert (coding.text(Field.SUPPLIER), coding.new_supplier) == ("Weir Stationers", True)


def test_what_is_remembered_of_a_customer_is_not_said_of_a_supplier() -> None:
    """S21 C8."""
    alias = Alias("Acme", EntryId("k1"), "Acme Holding", ADA, NOON, ListKind.CUSTOMERS)
    aliases = {alias.key: alias}
    assert matching.alias_of(aliases, Named("ACME", kind=ListKind.CUSTOMERS)) == alias
    assert matching.alias_of(aliases, Named("Acme")) is None


def test_its_own_name_is_surer_than_what_another_is_also_called() -> None:
    """S21: a name that two suppliers bear is a question to a person."""
    acme, holding = an_entry("Acme"), an_entry("Acme Holding", also_known_as=("Acme",))
    twin = an_entry("Acme", id=EntryId("twin"))
    assert matching.match(lists_of(suppliers=[acme, holding]), Named("acme"), None).entry == acme
    twins = matching.match(lists_of(suppliers=[acme, twin]), Named("acme"), None)
    assert (twins.entry, twins.is_ambiguous) == (None, True)
    assert not matching.match(lists_of(suppliers=[acme]), Named("Zebra"), None).is_ambiguous
    both = [an_entry(name, also_known_as=("Acme",)) for name in ("North", "South")]
    assert matching.match(lists_of(suppliers=both), Named("Acme"), None).is_ambiguous


def an_alias(written: str = "Kestrel Cabs Ltd", entry: Entry = KESTREL) -> Alias:
    return Alias(written, entry.id, entry.name, ADA, NOON)


@pytest.mark.parametrize(
    ("written", "is_remembered"),
    [
        ("Kestrel Cabs Ltd", True),
        ("KESTREL CABS LIMITED", True),
        ("kestrel-cabs, ltd.", True),
        ("Kestrel Cabs GmbH", False),
        ("Kestrel Cabs", False),
        ("Kestrel", False),
        ("", False),
    ],
)
def test_a_remembered_name_counts_however_it_is_written(written: str, is_remembered: bool) -> None:
    """S21 C8: alias remembered; another legal form is another company."""
    aliases = {an_alias().key: an_alias()}
    alias = matching.alias_of(aliases, Named(written))
    assert (alias is not None) is is_remembered
    if is_remembered:
        assert found(written, "", alias) == KESTREL


def test_what_is_remembered_of_one_name_in_characters_is_not_said_of_another() -> None:
    assert suppliers.identity("张伟") != suppliers.identity("章伟")


def test_a_remembered_supplier_that_is_gone_or_inactive_does_not_count() -> None:
    assert found("Kestrel Cabs", "", an_alias(entry=OLD_MILL)) is None
    assert found("Kestrel Taxis", "", an_alias(entry=an_entry("Nobody"))) == KESTREL


def coding_of(alias: Alias | None = None, **document: Any) -> Coding:
    item = an_item(**document)
    return resolve(item, None, BusinessSettings(), KNOWN, GBP_ORGANISATION, alias=alias)


def test_the_card_says_by_what_a_supplier_was_known() -> None:
    """S24: why this value."""
    values = [
        coding_of(supplier="Kestrel Cabs Ltd", alias=an_alias()).values[Field.SUPPLIER],
        coding_of(supplier="Nordwind", supplier_tax_number="GB980780684").values[Field.SUPPLIER],
        coding_of(supplier="Kestrel Taxis").values[Field.SUPPLIER],
    ]
    assert [(value.text, value.why) for value in values] == [
        ("Kestrel Taxis", "remembered choice"),
        ("Northwind Paper Ltd", "tax number"),
        ("Kestrel Taxis", "document"),
    ]
    assert not coding_of(supplier="", supplier_tax_number="GB980780684").new_supplier
    two = coding_of(supplier="Kestrel Taxis", supplier_tax_number="GB980780684")
    assert (two.new_supplier, two.ambiguous_supplier) == (True, True)
    assert not coding_of(supplier="Nobody").ambiguous_supplier


def test_a_tax_number_that_is_not_the_suppliers_is_said() -> None:
    """S21: VAT id compared."""
    coding = coding_of(supplier="Northwind Paper Ltd", supplier_tax_number="GB 111 1111 24")
    assert coding.warnings == (
        "the document's tax number is GB 111 1111 24, that of Northwind Paper Ltd is GB980780684",
    )
    assert coding_of(supplier="Northwind Paper Ltd", supplier_tax_number="980780684").warnings == ()


@pytest.mark.parametrize(
    ("level", "one", "other"),
    [
        (Level.STRICT, "Sainsbury", "Sainsburys"),
        (Level.STRICT, "Kestrel Taxis", "KestrelTaxi"),
        (Level.CLOSE, "Fine Food Ltd", "Fine Foods Limited"),
        (Level.CLOSE, "Taxis Kestrel", "Kestrel Taxis"),
        (Level.STRICT, "Brand New Supplies Co", "Brand & New Supplies Co."),
        (Level.CLOSE, "Northwind Papr", "Northwind Paper"),
        (Level.CLOSE, "Acme Paper Ltd", "Acme Paper GmbH"),
        (Level.SIMILAR, "Twins 6", "Twins 5"),
        (Level.SIMILAR, "Studio 54 Events", "Studio 45 Events"),
        (Level.ROUGH, "Smart Agency", "City Agency"),
        (None, "Northwind Paper", "Zzyzx"),
        (None, "!!!", "Northwind"),
    ],
)
def test_the_levels_of_similarity(level: Level | None, one: str, other: str) -> None:
    """C8: Dext's four levels with their sample pairs."""
    assert suppliers.level(one, other) is level
    assert suppliers.level(other, one) is level


def test_close_is_what_is_offered_as_probably_meant() -> None:
    """C8: the default level."""
    assert [level for level in Level if level.is_close] == [Level.STRICT, Level.CLOSE]


def test_each_supplier_is_offered_once_under_its_own_name_with_the_name_that_is_like() -> None:
    """S21 C8."""
    offered = matching.closest("NWP Holding", [NORTHWIND, KESTREL])
    assert [(one.id, one.name) for one in offered] == [(NORTHWIND.id, "Northwind Paper Ltd")]
    assert offered[0].reason.endswith(", also called NWP Holdings plc")
    twice = replace(NORTHWIND, also_known_as=("Northwind Papers Ltd",))
    assert len(matching.closest("Northwind Papr", [twice, twice])) == 1


def test_the_supplier_of_the_tax_number_is_offered_first() -> None:
    """S21: whatever it is called."""
    offered = matching.with_same_number(NORTHWIND, matching.closest("Kestrel Taxi", [KESTREL, NORTHWIND]))
    assert [one.name for one in offered] == ["Northwind Paper Ltd", "Kestrel Taxis"]
    assert offered[0].reason == "same tax number"
    assert matching.with_same_number(OLD_MILL, []) == []
    assert matching.closest("kestrel taxis", [KESTREL])[0].reason == "same name"
    brand = matching.closest("Brand New Supplies", [an_entry("Brand & New Supplies Co.")])
    assert brand[0].reason == "same but for “and”"
