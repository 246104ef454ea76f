"""UBL 2.1 invoices and credit notes (http://docs.oasis-open.org/ubl/UBL-2.1.html), as EN 16931 binds them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.domain.items import Line
from bot.domain.reading import NamedFile
from bot.readers import invoices, xml
from bot.readers.invoices import Facts, Party, TaxRate, amount, day
from bot.readers.xml import Node, each, first, text

ROOTS = ("Invoice", "CreditNote")
NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"


def is_one(node: Node) -> bool:
    return xml.name(node) in ROOTS and xml.namespace(node).startswith(NAMESPACE)


def facts(root: Node) -> Facts:
    """Raises WrongInput, naming a value that cannot be read."""
    currency = text(root, "DocumentCurrencyCode")
    taxes = _tax_total(root, currency)
    totals = first(root, "LegalMonetaryTotal")
    return Facts(
        number=text(root, "ID"),
        type_code=text(root, "InvoiceTypeCode", "CreditNoteTypeCode"),
        is_credit_note=xml.name(root) == "CreditNote",
        issued=day(text(root, "IssueDate"), "date"),
        due=day(
            text(root, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"), "due date"
        ),
        currency=currency,
        seller=_party(first(root, "AccountingSupplierParty/Party")),
        buyer=_party(first(root, "AccountingCustomerParty/Party")),
        net=_amount(totals, "TaxExclusiveAmount", "net total"),
        tax=_amount(taxes, "TaxAmount", "tax"),
        gross=_amount(totals, "TaxInclusiveAmount", "total"),
        prepaid=_amount(totals, "PrepaidAmount", "prepaid amount"),
        payable=_amount(totals, "PayableAmount", "payable amount"),
        rates=tuple(_rate(category) for category in each(taxes, "TaxSubtotal/TaxCategory")),
        lines=_lines(root),
        notes=invoices.notes(text(note) for note in each(root, "Note")),
        order_reference=text(root, "OrderReference/ID"),
        corrects=text(root, "BillingReference/InvoiceDocumentReference|CreditNoteDocumentReference/ID"),
    )


def embedded(root: Node) -> Iterator[NamedFile]:
    """The files inside the invoice; what is not Base64 is left out."""
    for reference in each(root, "AdditionalDocumentReference"):
        node = first(reference, "Attachment/EmbeddedDocumentBinaryObject")
        if found := xml.file(node, text(reference, "ID")):
            yield found


def _tax_total(root: Node, currency: str) -> Node | None:
    """The taxes in the document's own currency; a second total may be in that of the tax office."""
    every = list(each(root, "TaxTotal"))
    return next(
        (one for one in every if (value := first(one, "TaxAmount")) is not None
         and value.get("currencyID") in (currency, None)),
        every[0] if every else None,
    )  # fmt: skip


def _party(party: Node | None) -> Party:
    return Party(
        legal_name=text(party, "PartyLegalEntity/RegistrationName"),
        trade_name=text(party, "PartyName/Name"),
        tax_numbers=tuple(said for one in each(party, "PartyTaxScheme/CompanyID") if (said := text(one))),
    )


def _lines(root: Node) -> tuple[Line, ...]:
    own = [_line(node) for node in each(root, "InvoiceLine|CreditNoteLine")]
    return (*own, *(_allowance(node) for node in each(root, "AllowanceCharge")))


def _line(node: Node) -> Line:
    category = first(node, "Item/ClassifiedTaxCategory")
    return invoices.line(
        text(node, "Item/Name", "Item/Description", "Note"),
        quantity=_amount(node, "InvoicedQuantity|CreditedQuantity", "quantity"),
        price=_amount(node, "Price/PriceAmount", "unit price"),
        base=_amount(node, "Price/BaseQuantity", "base quantity"),
        net=_amount(node, "LineExtensionAmount", "line amount"),
        rate=_rate(category) if category is not None else None,
    )


def _allowance(node: Node) -> Line:
    category = first(node, "TaxCategory")
    return invoices.allowance(
        text(node, "AllowanceChargeReason"),
        _amount(node, "Amount", "allowance"),
        _rate(category) if category is not None else None,
        is_charge=text(node, "ChargeIndicator").casefold() in ("true", "1"),
    )


def _rate(category: Node) -> TaxRate:
    """The rate of a tax category; one outside the scope of tax has none, which is 0."""
    percent = _amount(category, "Percent", "tax rate") or Decimal(0)
    return TaxRate(percent, text(category, "ID").upper()[:2])


def _amount(node: Node | None, path: str, what: str) -> Decimal | None:
    return amount(text(node, path), what)
