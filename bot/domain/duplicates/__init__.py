"""When two items are one document: certain by Dext's keys, suspected by what comes near them. Pure."""

from bot.domain.duplicates.comparing import Finding, Strength, compare
from bot.domain.duplicates.facts import Facts, facts, party, wanted
from bot.domain.duplicates.filing import MOST_OF_ONE_TERM, among, looked_for, terms
from bot.domain.duplicates.numbers import folded_number, same_number
from bot.domain.duplicates.suspects import Answer, Suspect, Verdict, asks, pair, suspects
from bot.domain.duplicates.words import named_beside, says

__all__ = [
    "MOST_OF_ONE_TERM",
    "Answer",
    "Facts",
    "Finding",
    "Strength",
    "Suspect",
    "Verdict",
    "among",
    "asks",
    "compare",
    "facts",
    "folded_number",
    "looked_for",
    "named_beside",
    "pair",
    "party",
    "same_number",
    "says",
    "suspects",
    "terms",
    "wanted",
]
