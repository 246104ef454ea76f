"""What the bot does, one use case a function. They know ports, rules and errors, nothing of the outside."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.aliases import AliasService
from bot.services.answers import AnswerService
from bot.services.api_keys import ApiKeyService
from bot.services.arriving import ArrivingService
from bot.services.attaching import AttachingService
from bot.services.auto_publish import AutoPublishService
from bot.services.claims import ClaimService
from bot.services.columns import ColumnService
from bot.services.connection import ConnectionService
from bot.services.digest import DigestService
from bot.services.duplicates import DuplicateService
from bot.services.history import HistoryService
from bot.services.importing import ImportingService
from bot.services.items import ItemService
from bot.services.lines import LineService
from bot.services.log import LogService
from bot.services.many import ManyService
from bot.services.mapping import MappingService
from bot.services.own_digest import OwnDigestService
from bot.services.payment_methods import PaymentMethodService
from bot.services.probe import ProbeService
from bot.services.publish import PublishService
from bot.services.recoding import RecodingService
from bot.services.refresh import RefreshService
from bot.services.report import ReportService
from bot.services.roles import RoleService
from bot.services.rule_book import RuleBook
from bot.services.rules import RuleService
from bot.services.settings import SettingsService
from bot.services.sign_in import SignInService
from bot.services.status import StatusService
from bot.services.switching import SwitchService
from bot.services.tax_exceptions import TaxExceptionService
from bot.services.undo import UndoService
from bot.services.watch import WatchService


@dataclass(frozen=True)
class Services:
    """All of them, joined by bot/bootstrap.py."""

    connection: ConnectionService
    sign_in: SignInService
    switching: SwitchService
    refresh: RefreshService
    settings: SettingsService
    tax_exceptions: TaxExceptionService
    items: ItemService
    lines: LineService
    importing: ImportingService
    columns: ColumnService
    auto: AutoPublishService
    arriving: ArrivingService
    attaching: AttachingService
    api_keys: ApiKeyService
    answers: AnswerService
    mapping: MappingService
    publish: PublishService
    undo: UndoService
    roles: RoleService
    rules: RuleService
    rule_book: RuleBook
    duplicates: DuplicateService
    aliases: AliasService
    payment_methods: PaymentMethodService
    claims: ClaimService
    log: LogService
    many: ManyService
    status: StatusService
    probe: ProbeService
    digest: DigestService
    own_digest: OwnDigestService
    history: HistoryService
    report: ReportService
    watch: WatchService
    recoding: RecodingService
