"""Wiring of publication: audit verbs, exports, menu, file guards, duties."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.core.registry import Export, MenuEntry, Verb, register

TABLES = (
    "Posting", "PostingCheck", "Objection", "DisclosureDuty", "LedgerLeaf", "LedgerHead", "LedgerTile",
    "LedgerCheckpoint", "LedgerWitness",
)  # fmt: skip
VERBS = (
    Verb("publication.prepared", "拟好待张贴的材料", "prepared what is to be posted"),
    Verb("publication.opened", "张贴，满 {days} 日，{ends} 起方可撤下", "posted it for {days} days; down from {ends}"),
    Verb("publication.checked", "{on} 查看，张贴完好", "looked on {on}: it hangs"),
    Verb("publication.missing", "{on} 缺失，顺延至 {ends} 起方可撤下", "missing on {on}: may come down from {ends}"),
    Verb("publication.objected", "收到第 {number} 件异议", "objection {number} was made"),
    Verb("publication.answered", "答复第 {number} 件异议", "objection {number} was answered"),
    Verb("publication.suspended", "暂停，理由写在页面上", "suspended it, with the reason on its page"),
    Verb("publication.resumed", "恢复", "resumed it"),
    Verb("publication.ended", "期满撤下", "took it down after its full period"),
    Verb("publication.corrected", "撤下更正，由 {by} 代替", "took it down; {by} replaces it"),
    Verb("publication.superseded", "所公示的事情有了变化，这张失效", "what it makes known has changed: superseded"),
    Verb("publication.duties_raised", "按目录产生 {n} 项公开任务", "the catalogue raised {n} duties of disclosure"),
)


def _desk(viewer: Any) -> bool:
    from yishi.publication.permissions import may_use_desk  # the apps are not loaded when this file is read

    return bool(may_use_desk(viewer, viewer.at))


class PublicationConfig(AppConfig):
    name = "yishi.publication"
    label = "publication"

    def ready(self) -> None:
        from yishi.core import duties, files
        from yishi.publication import findable, reactions, selectors, services
        from yishi.publication.demo.wiring import STEP as DEMO_STEP

        register(
            verbs_=VERBS,
            menu_=(
                MenuEntry(
                    "notices", pgettext_lazy("menu", "公示"), "publication:board", "speakerphone", "resident", 30
                ),
                MenuEntry("notices_desk", _("公示办理"), "publication:desk", "pin", "officer", 35, _desk),
            ),
            demo_=[DEMO_STEP],
            exports_=tuple(Export(f"publication.{name}", 70 + i) for i, name in enumerate(TABLES)),
        )
        files.register_guard("publication.posting", selectors.may_open_posting_file)
        files.register_guard("publication.postingcheck", selectors.may_open_check_file)
        duties.register("publication.duties", services.raise_disclosure_duties, minutes=60)
        duties.register("publication.missed_checks", services.note_missed_checks, minutes=30)
        duties.register("publication.reminders", reactions.remind, minutes=60)
        duties.register("publication.ledger", services.take_in, minutes=1)
        reactions.connect()
        findable.register()
