"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 2, XRechnung (D16B) and, under older names, ZUGFeRD 1.

https://unece.org/trade/uncefact/xml-schemas; the terms are bound to EN 16931 by CEN/TS 16931-3-3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from bot.domain.items import Line
from bot.domain.reading import NamedFile
from bot.readers import invoices, xml
from bot.readers.invoices import Facts, Party, TaxRate, amount, day
from bot.readers.xml import Node, each, first, text

ROOTS = ("CrossIndustryInvoice", "CrossIndustryDocument")
NAMESPACES = ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:", "urn:ferd:CrossIndustryDocument:")
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_TOTALS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINE = "IncludedSupplyChainTradeLineItem"
_LINE_AGREEMENT = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
_LINE_DELIVERY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_LINE_TOTALS = "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_PRICE = "NetPriceProductTradePrice"
_RATE = "RateApplicablePercent|ApplicablePercent"
_DAY_FORM = "102"


def is_one(node: Node) -> bool:
    return xml.name(node) in ROOTS and xml.namespace(node).startswith(NAMESPACES)


def facts(root: Node) -> Facts:
    """Raises WrongInput, naming a value that cannot be read."""
    head = first(root, "ExchangedDocument|HeaderExchangedDocument")
    trade = first(root, _TRADE)
    agreement, settlement = first(trade, _AGREEMENT), first(trade, _SETTLEMENT)
    totals = first(settlement, _TOTALS)
    currency = text(settlement, "InvoiceCurrencyCode")
    return Facts(
        number=text(head, "ID"),
        type_code=text(head, "TypeCode"),
        issued=_day(head, "IssueDateTime/DateTimeString", "date"),
        due=_day(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString", "due date"),
        currency=currency,
        seller=_party(first(agreement, "SellerTradeParty")),
        buyer=_party(first(agreement, "BuyerTradeParty")),
        net=_amount(totals, "TaxBasisTotalAmount", "net total"),
        tax=_tax(totals, currency),
        gross=_amount(totals, "GrandTotalAmount", "total"),
        prepaid=_amount(totals, "TotalPrepaidAmount", "prepaid amount"),
        payable=_amount(totals, "DuePayableAmount", "payable amount"),
        rates=tuple(_rate(tax) for tax in each(settlement, "ApplicableTradeTax")),
        lines=_lines(trade, settlement),
        notes=invoices.notes(text(note) for note in each(head, "IncludedNote/Content")),
        order_reference=text(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID|ID"),
        corrects=text(settlement, "InvoiceReferencedDocument/IssuerAssignedID|ID"),
    )


def embedded(root: Node) -> Iterator[NamedFile]:
    """The files inside the invoice; what is not Base64 is left out."""
    for reference in each(root, f"{_TRADE}/{_AGREEMENT}/AdditionalReferencedDocument"):
        node = first(reference, "AttachmentBinaryObject")
        if found := xml.file(node, text(reference, "IssuerAssignedID")):
            yield found


def _day(node: Node | None, path: str, what: str) -> dt.date | None:
    """Only a whole day counts: other forms are months and weeks."""
    found = first(node, path)
    if found is None or found.get("format") not in (None, _DAY_FORM):
        return None
    return day(text(found), what)


def _party(party: Node | None) -> Party:
    return Party(
        legal_name=text(party, "Name"),
        trade_name=text(party, "SpecifiedLegalOrganization/TradingBusinessName"),
        tax_numbers=tuple(said for one in each(party, "SpecifiedTaxRegistration/ID") if (said := text(one))),
    )


def _tax(totals: Node | None, currency: str) -> Decimal | None:
    """The tax in the document's own currency; a second may be in that of the tax office."""
    every = list(each(totals, "TaxTotalAmount"))
    own = [one for one in every if one.get("currencyID") in (currency, None)]
    return amount(text((own or every)[0]), "tax") if every else None


def _lines(trade: Node | None, settlement: Node | None) -> tuple[Line, ...]:
    own = [_line(node) for node in each(trade, _LINE)]
    charges = [_allowance(node) for node in each(settlement, "SpecifiedTradeAllowanceCharge")]
    logistics = [_logistics(node) for node in each(settlement, "SpecifiedLogisticsServiceCharge")]
    return (*own, *charges, *logistics)


def _line(node: Node) -> Line:
    agreement, settlement = first(node, _LINE_AGREEMENT), first(node, _LINE_SETTLEMENT)
    tax = first(settlement, "ApplicableTradeTax")
    return invoices.line(
        text(node, "SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description",
             "AssociatedDocumentLineDocument/IncludedNote/Content"),
        quantity=_amount(node, f"{_LINE_DELIVERY}/BilledQuantity", "quantity"),
        price=_amount(agreement, f"{_PRICE}/ChargeAmount", "unit price"),
        base=_amount(agreement, f"{_PRICE}/BasisQuantity", "base quantity"),
        net=_amount(settlement, f"{_LINE_TOTALS}/LineTotalAmount", "line amount"),
        rate=_rate(tax) if tax is not None else None,
    )  # fmt: skip


def _allowance(node: Node) -> Line:
    return invoices.allowance(
        text(node, "Reason"),
        _amount(node, "ActualAmount", "allowance"),
        _rate(tax) if (tax := first(node, "CategoryTradeTax")) is not None else None,
        is_charge=text(node, "ChargeIndicator/Indicator", "ChargeIndicator").casefold() in ("true", "1"),
    )


def _logistics(node: Node) -> Line:
    return invoices.allowance(
        text(node, "Description"),
        _amount(node, "AppliedAmount", "charge"),
        _rate(tax) if (tax := first(node, "AppliedTradeTax")) is not None else None,
        is_charge=True,
    )


def _rate(tax: Node) -> TaxRate:
    """The rate of a tax category; one outside the scope of tax has none, which is 0."""
    percent = _amount(tax, _RATE, "tax rate") or Decimal(0)
    return TaxRate(percent, text(tax, "CategoryCode").upper()[:2])


def _amount(node: Node | None, path: str, what: str) -> Decimal | None:
    return amount(text(node, path), what)
