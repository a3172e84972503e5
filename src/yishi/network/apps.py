"""Wiring of the network: audit verbs, menu, exports, the demo town."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yishi.core import registry
from yishi.core.registry import DemoStep, Export, MenuEntry, Verb

VERBS = (
    Verb("network.demo_built", "载入演示镇街（{people} 人）", "Demo town built ({people} people)"),
    Verb("network.organisation_added", "新设组织", "Organisation added"),
    Verb("network.organisation_changed", "更改组织资料", "Organisation changed"),
    Verb("network.organisation_closed", "撤销组织", "Organisation closed"),
    Verb("network.edge_added", "建立组织关系（{kind}）", "Organisations tied ({kind})"),
    Verb("network.edge_ended", "结束组织关系", "Tie ended"),
    Verb("network.post_added", "设立职务", "Post added"),
    Verb("network.appointed", "任命（任期 {term}）", "Appointed (term {term})"),
    Verb("network.holder_invited", "给任职人开具账号认领单", "Office holder invited to claim an account"),
    Verb("network.term_ended", "任期结束（任期 {term}）", "Term ended (term {term})"),
    Verb("network.transferred", "职务交接（任期 {former} → {term}）", "Post handed over (term {former} → {term})"),
    Verb(
        "network.imported",
        "导入名册：新增 {added}，更改 {changed}，不变 {unchanged}，退回 {refused}",
        "Roll imported: {added} added, {changed} changed, {unchanged} unchanged, {refused} returned",
    ),
)

EXPORTS = tuple(
    Export(f"network.{model}", i)
    for i, model in enumerate(("Area", "Organisation", "Edge", "Post", "Term", "ImportRun"))
)


def _build_demo(size: Any, tick: Any) -> None:
    from yishi.network import demo

    demo.build_step(size, tick)


class NetworkConfig(AppConfig):
    name = "yishi.network"
    label = "network"

    def ready(self) -> None:
        registry.register(
            verbs_=VERBS,
            exports_=EXPORTS,
            demo_=[DemoStep("network", _build_demo, 10)],
            menu_=[MenuEntry("network", _("组织"), "network:town", "sitemap", "resident", 120)],
        )
        from yishi.core import health
        from yishi.network import findable, reactions

        reactions.connect()
        health.register_findable(findable.KIND, findable.rows)
