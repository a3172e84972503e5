"""The places of matters in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from yishi.core.registry import MenuEntry


def _patrols(viewer: Any) -> bool:
    from yishi.matters.permissions.patrols import may_see_patrols  # the apps are not loaded when this file is read

    return bool(may_see_patrols(viewer, viewer.at))


def _desk(viewer: Any) -> bool:
    from yishi.matters.permissions.sorting import may_raise_matter

    return bool(may_raise_matter(viewer, "phone", viewer.at))


def _visits(viewer: Any) -> bool:
    from yishi.matters.permissions.visits import may_write_visit

    return bool(may_write_visit(viewer, viewer.at))


def _imports(viewer: Any) -> bool:
    from yishi.matters.permissions.imports import may_import_reports

    return bool(may_import_reports(viewer, viewer.at))


MENU = (
    MenuEntry("raise", _("反映"), "matters:raise", "edit", "resident", 5),
    MenuEntry("matters", _("事项"), "matters:list", "clipboard-list", "resident", 10),
    MenuEntry("mine", _("我的事项"), "matters:mine", "clipboard-heart", "resident", 85, lambda v: not v.is_anonymous),
    MenuEntry("queue", _("待办"), "matters:queue", "inbox", "officer", 10, lambda v: v.is_officer),
    MenuEntry("desk", _("代为登记"), "matters:desk", "phone-plus", "officer", 20, _desk),
    MenuEntry("patrols", _("巡查"), "matters:patrols", "walk", "officer", 30, _patrols),
    MenuEntry("visits", _("走访"), "matters:visits", "notebook", "officer", 40, _visits),
    MenuEntry("imports", _("导入与回传"), "matters:imports", "table-import", "officer", 60, _imports),
)
