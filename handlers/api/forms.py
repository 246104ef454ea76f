"""Items as they are sent to the API, and as documents of ours."""

from __future__ import annotations

import mimetypes
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationInfo, field_validator
from pydantic.config import JsonDict

from bot.domain.attachments import MOST_FILES, FileContent
from bot.domain.items import Document, DocumentType, Line, Side
from bot.services.arriving import Incoming
from handlers.api.values import (
    Amount,
    ContentType,
    Currency,
    Day,
    FileBytes,
    FileName,
    Id,
    Name,
    Number,
    Text,
)

MOST_ITEMS = 500
MOST_LINES = 500
UNKNOWN = "application/octet-stream"


class _Form(BaseModel):
    """Unknown fields are refused: a mistyped name would be a value lost in silence."""

    model_config = ConfigDict(extra="forbid")


class LineForm(_Form):
    """A line of the document; amounts are without tax."""

    description: Text | None = None
    quantity: Amount | None = None
    unit_price: Amount | None = None
    amount: Amount | None = None
    category: Name | None = None
    tax: Name | None = None

    def line(self, *, turned: bool) -> Line:
        sign = -1 if turned else 1
        return Line(
            description=_text(self.description),
            quantity=self.quantity,
            unit_price=None if self.unit_price is None else sign * self.unit_price,
            amount=None if self.amount is None else sign * self.amount,
            category=_text(self.category),
            tax=_text(self.tax),
        )


class AttachmentForm(_Form):
    """A file of the document."""

    filename: FileName
    content_type: ContentType | None = Field(None, description="By the name's ending when it is not given.")
    content: FileBytes = Field(description="The bytes in base64, at most 10 MB of them.")

    def file(self) -> FileContent:
        guessed = mimetypes.guess_type(self.filename)[0] or UNKNOWN
        return FileContent(self.filename, self.content_type or guessed, self.content)


_NO_CLAIM_OF_A_SALE: JsonDict = {
    "not": {
        "properties": {"side": {"const": "sale"}, "type": {"const": "expense_claim"}},
        "required": ["side", "type"],
    }
}


class ItemForm(_Form):
    """A document for the inbox."""

    model_config = ConfigDict(json_schema_extra=_NO_CLAIM_OF_A_SALE)

    external_id: Id = Field(
        description="Your id of it (Dext: Receipt ID, Item ID). The same one again is the same item."
    )
    side: Literal["cost", "sale"]
    type: Literal["invoice", "receipt", "credit_note", "expense_claim"] = Field(
        description="Of an expense claim `supplier` is who spent the money; `line_items` its receipts."
    )
    supplier: Name | None = None
    customer: Name | None = None
    document_number: Number | None = None
    date: Day | None = None
    due_date: Day | None = None
    currency: Currency | None = Field(None, description="ISO 4217; the organisation's when it is not given.")
    total: Amount | None = Field(
        None, description="With tax. Below zero on an invoice or receipt: it becomes a credit note."
    )
    tax_amount: Amount | None = None
    category: Name | None = Field(None, description="Name, code or id as in the accounting software.")
    tax: Name | None = Field(None, description="Name or id as in the accounting software.")
    project: Name | None = Field(None, description="Name or id as in the accounting software.")
    payment_account: Name | None = Field(
        None, description="Name or id of the account, or the payment method: `Visa *4242`."
    )
    paid: StrictBool | None = Field(None, description="Not given: a receipt is, an invoice is not.")
    description: Text | None = None
    note: Text | None = None
    line_items: Annotated[list[LineForm], Field(max_length=MOST_LINES)] | None = None
    attachments: Annotated[list[AttachmentForm], Field(max_length=MOST_FILES)] | None = None
    submitted_by: Name | None = None
    claimed: StrictBool | None = Field(
        None, description="It is in an expense claim elsewhere: published alone only when a person says so."
    )

    @field_validator("type")
    @classmethod
    def _cost(cls, kind: str, info: ValidationInfo) -> str:
        if kind == DocumentType.EXPENSE_CLAIM and info.data.get("side") == Side.SALE:
            raise ValueError('An expense claim is a cost: send it with side "cost".')
        return kind

    def incoming(self) -> Incoming:
        return Incoming(self._document(), tuple(one.file() for one in self.attachments or ()))

    def _document(self) -> Document:
        # A negative invoice is a credit note; amounts are kept positive, as in a Dext export.
        turned = self.total is not None and self.total < 0
        kind = DocumentType.CREDIT_NOTE if turned else DocumentType(self.type)
        side, supplier, customer = Side(self.side), _text(self.supplier), _text(self.customer)
        return Document(
            external_id=self.external_id.strip(),
            side=side,
            type=kind,
            supplier=supplier if side is Side.COST else "",
            customer=customer or (supplier if side is Side.SALE else ""),
            document_number=_text(self.document_number),
            date=self.date,
            due_date=self.due_date,
            currency=self.currency or "",
            total=None if self.total is None else abs(self.total),
            tax_amount=abs(self.tax_amount) if turned and self.tax_amount else self.tax_amount,
            category=_text(self.category),
            tax=_text(self.tax),
            project=_text(self.project),
            payment_account=_text(self.payment_account),
            paid=kind is DocumentType.RECEIPT if self.paid is None else self.paid,
            description=_text(self.description),
            note=_text(self.note),
            submitted_by=_text(self.submitted_by),
            claimed=bool(self.claimed) and side is Side.COST and kind is not DocumentType.EXPENSE_CLAIM,
            lines=tuple(one.line(turned=turned) for one in self.line_items or ()),
        )


class BatchForm(_Form):
    """Up to 500 items. One that is wrong is refused by itself; the others come in."""

    items: Annotated[list[ItemForm], Field(min_length=1, max_length=MOST_ITEMS)]


def _text(value: str | None) -> str:
    return (value or "").strip()
