"""Journeys of payment methods: asked once on a card, used from then on, changed and forgotten."""

from __future__ import annotations

from tests.e2e.stage import KESTREL, Stage, export

TAXI = KESTREL.replace("Visa 4242,Current Account", "Visa *4242,")
SECOND = TAXI.replace("9002", "9102").replace("18.40", "21.00")


async def test_a_payment_method_is_asked_about_once_and_used_from_then_on(stage: Stage) -> None:
    """C21 C7 S26: the account and the mode end in the payment; the card says who chose it."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Paid costs become", "Bill with payment")
    await ada.clicks("Save")
    await stage.imports(ada, export(TAXI))
    await ada.sees("unknown payment account “Visa *4242”")
    await ben.clicks("Choose account")
    await ben.sees("Only an Approver can say what payment methods stand for")
    await ada.clicks("Choose account")
    await ada.sees_modal("Payment method")
    await ada.sees("“Visa ∗4242” is none of the accounts in Zoho Books")
    await ada.chooses("Account", "Petty Cash", typed="petty")
    await ada.chooses("Payment mode", "Firmenkarte", typed="Firmenkarte")
    await ada.clicks("Save")
    await ada.sees("Remembered: “Visa ∗4242” is 091 - Petty Cash, Firmenkarte")
    await ada.sees("remembered for Visa ∗4242, chosen by @ada on")
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as bill with payment")
    (payment,) = stage.held_out.rows["vendorpayments"]
    assert (payment["paid_through_account_name"], payment["payment_mode"]) == ("Petty Cash", "Firmenkarte")

    await ada.runs("/dext rules")
    await ada.sees("“Visa ∗4242” is 091 - Petty Cash, Firmenkarte")
    await ada.clicks("Change", within="Payment methods")
    await ada.chooses("Account", "Visa 4242", typed="visa")
    await ada.clicks("Save")
    await stage.imports(ada, export(SECOND.replace("Visa *4242", "VISA ending in 4242")))
    await ada.sees("092 - Visa 4242 · remembered for Visa ∗4242, chosen by @ada on")
    await ada.runs("/dext rules")
    await ada.clicks("Forget", within="Payment methods")
    await ada.no_longer_sees("Remembered by")
    await ada.closes(everything=True)
    await ada.sees("unknown payment account “VISA ending in 4242”")
    await ada.runs("/dext log payment")
    await ada.sees("092 - Visa 4242, Firmenkarte → none")
