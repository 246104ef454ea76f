"""What services need from outside, as Protocols: storage, accounting software, jobs, people, time."""

from bot.ports.accounting import AccountingSoftware, CallBudget, Ledger, Patience, TokenStore
from bot.ports.connection import (
    ConnectionStore,
    DigestStore,
    DueStore,
    GivenRoles,
    HomeStore,
    ProbeStore,
    RuleStore,
    SettingsStore,
    SignInStore,
)
from bot.ports.items import (
    AttachmentStore,
    AutoStore,
    DuplicateStore,
    ItemStore,
    ManyStore,
    NumberStore,
    PublicationStore,
    WatchStore,
)
from bot.ports.lists import AliasStore, ColumnStore, ListStore, MappingStore, RefreshStore, ReportStore
from bot.ports.outside import Clock, Jobs, People, ReadFile
from bot.ports.records import AnswerStore, ApiKeyStore, HistoryStore, LogStore, RecodingStore
from bot.ports.storage import Storage, Store

__all__ = [
    "AccountingSoftware",
    "AliasStore",
    "AnswerStore",
    "ApiKeyStore",
    "AttachmentStore",
    "AutoStore",
    "CallBudget",
    "Clock",
    "ColumnStore",
    "ConnectionStore",
    "DigestStore",
    "DueStore",
    "DuplicateStore",
    "GivenRoles",
    "HistoryStore",
    "HomeStore",
    "ItemStore",
    "Jobs",
    "Ledger",
    "ListStore",
    "LogStore",
    "ManyStore",
    "MappingStore",
    "NumberStore",
    "Patience",
    "People",
    "ProbeStore",
    "PublicationStore",
    "ReadFile",
    "RecodingStore",
    "RefreshStore",
    "ReportStore",
    "RuleStore",
    "SettingsStore",
    "SignInStore",
    "Storage",
    "Store",
    "TokenStore",
    "WatchStore",
]
