"""Zoho Books' refusals in words."""

from __future__ import annotations

import pytest

from bot.accounting.zoho_books.errors import CAUSES, refusal


@pytest.mark.parametrize(
    ("code", "message", "cause"),
    [
        ("13011", "The bill number B-1 has already been used for this vendor.", "number_used"),
        ("1001", "Invoice number already exists.", "number_used"),
        ("3062", 'The contact "Acme" already exists.', "name_used"),
        ("3013", "Please ensure that the contact name has 1 to 200 characters.", "name_refused"),
        ("1002", "The account does not exist or is inactive.", "gone"),
        ("13009", "The account of the line item is empty.", "category"),
        ("9004", "The currency does not exist.", "currency"),
        ("5015", "Enter a valid amount.", "amount"),
        ("3032", "Tax does not match the place of supply.", "tax"),
        ("110817", "Sales tax is not enabled.", "tax"),
        ("6041", "This user is not associated with the CompanyID/CompanyName.", "organisation"),
        ("57", "You are not authorized to perform this operation", "rights"),
        ("4", "Invalid value passed for date", "field"),
        ("2", "Invalid value passed for rate", "field"),
        ("12018", "Credit note number CN-1 already exists.", "number_used"),
        ("4", "The vendor credit number VC-1 already exists.", "number_used"),
        ("987", "Number VC-1 has already been used.", "number_used"),
        ("4016", "Please add at least one line item.", "lines"),
        ("71510", "Tax and reverse charge tax cannot be applied together.", "tax"),
        ("71512", "Reverse charge is missing.", "tax"),
        ("110942", "The tax is not supported.", "tax"),
        ("36", "The record has dependents.", "dependents"),
        ("1004", "The record has dependents.", "dependents"),
        ("3000", "The contact has transactions.", "dependents"),
        ("12005", "The invoice is a draft.", "credit"),
        ("12006", "The invoice is closed.", "credit"),
        ("12007", "The invoice is void.", "credit"),
        ("15", "Invalid element made_up", "field"),
        ("1038", "JSON is not well formed", "field"),
        ("5", "Invalid URL Passed", "field"),
        ("987654", "Something new.", "refused"),
        ("", "", "refused"),
        ("1070001", "Transactions before 2026-03-31 are locked.", "locked"),
        ("4", "The period is locked", "locked"),
        ("1", "LOCK DATE reached", "locked"),
        ("13011", "The bill number LOCK-1 has already been used for this vendor.", "number_used"),
        ("3062", 'The contact "Lock & Key" already exists.', "name_used"),
        ("1002", "Blockley Ltd does not exist.", "gone"),
        ("99", "Blockley Ltd has no clock.", "refused"),
    ],
)
def test_each_code_has_its_cause_and_keeps_zohos_words(code: str, message: str, cause: str) -> None:
    """S3: a refusal says what is wrong and what to do."""
    error = refusal(400, code, message)
    assert (error.cause, error.code, error.message, error.status) == (cause, code, message, 400)
    assert message.rstrip(".") in error.says
    assert error.advice
    assert ".." not in error.sentence


def test_a_refusal_without_words_names_the_code() -> None:
    assert "code 42" in refusal(400, "42", "  ").says


def test_every_cause_says_what_to_do() -> None:
    for cause in CAUSES.values():
        assert cause.says
        assert not cause.says.endswith(".")
        assert cause.advice.endswith(".")
