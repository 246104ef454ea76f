"""How an item was paid: the account the money left, and the payment mode."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import kinds, payment_methods
from bot.domain.coding import Layer, Value
from bot.domain.items import Field, Item, PublishAs
from bot.domain.layers import Layers
from bot.domain.lists import ListKind
from bot.domain.payment_methods import PaymentMethod
from bot.domain.settings import BusinessSettings


def remembered(item: Item, settings: BusinessSettings) -> PaymentMethod | None:
    """What was said of the document's payment method."""
    if not settings.payment_methods:
        return None
    return settings.payment_methods.get(payment_methods.key(item.document.payment_account))


class PaidFrom(Layers):
    """manual > rule > remembered > document; the mode is nobody's but a person's."""

    def _payment_account(self, publish_as: PublishAs) -> None:
        said = self.item.document.payment_account
        value = (
            self._manual_entry(Field.PAYMENT_ACCOUNT)
            or self._rule_entry(Field.PAYMENT_ACCOUNT, self.rule.payment_account if self.rule else None)
            or self._remembered_account()
            or self._document_entry(Field.PAYMENT_ACCOUNT, said)
        )
        self._set(Field.PAYMENT_ACCOUNT, value or self._said(Field.PAYMENT_ACCOUNT, said))
        self._payment_mode()
        if not self._needs_account(publish_as, said, value):
            return
        if value is None or value.entry is None:
            text = value.text if value else said
            self._problem(
                Field.PAYMENT_ACCOUNT, f"unknown payment account “{text}”" if text else "no payment account"
            )
        elif not value.entry.active:
            self._problem(Field.PAYMENT_ACCOUNT, self._inactive("payment account", value.text))

    def _needs_account(self, publish_as: PublishAs, said: str, value: Value | None) -> bool:
        """Money left from one; or a sales receipt must say a payment mode, and what the document names tells
        none."""
        tells_mode = bool(self.values[Field.PAYMENT_MODE].text or (value and value.entry))
        is_receipt = publish_as is PublishAs.SALES_RECEIPT
        return publish_as in kinds.PAID_FROM or (is_receipt and bool(said) and not tells_mode)

    def _payment_mode(self) -> None:
        method = remembered(self.item, self.settings)
        known = self._by_method(method, method.mode) if method and method.mode else None
        self._set(Field.PAYMENT_MODE, self._manual_text(Field.PAYMENT_MODE) or known or Value("", Layer.NONE))

    def _remembered_account(self) -> Value | None:
        """An account that is no longer on the list at all says nothing any more."""
        method = remembered(self.item, self.settings)
        entry = self.lists.by_id(ListKind.BANK_ACCOUNTS, method.account) if method else None
        if method is None or entry is None:
            return None
        return replace(self._by_method(method, entry.label), entry=entry)

    @staticmethod
    def _by_method(method: PaymentMethod, text: str) -> Value:
        why = f"remembered for {method.written}"
        return Value(text, Layer.REMEMBERED, None, why, method.by, method.at.date())
