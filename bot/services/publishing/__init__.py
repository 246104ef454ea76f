"""The work of publishing: one run takes a publication from the step it had reached to the record.

Each step is written down before the next begins, so that a run which is cut anywhere goes on from there:
claimed → prepared (payload frozen) → sending → sent → recorded. Found at *sending*, the record is looked
up by our reference before anything is sent again. A bill with payment goes sent → its files → paying → paid →
recorded: each file keeps how far it is by itself, and the payment is looked up by a reference of its own.
"""

from bot.services.publishing.later import RetryLater
from bot.services.publishing.publisher import Publisher
from bot.services.publishing.recording import attach_later
from bot.services.publishing.stopping import reconnect_hold

__all__ = ["Publisher", "RetryLater", "attach_later", "reconnect_hold"]
