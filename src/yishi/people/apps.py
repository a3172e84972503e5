"""Wiring of people: audit verbs, exports, menu, and allauth's news."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yishi.core import registry
from yishi.core.registry import Export, MenuEntry, Verb

VERBS = (
    Verb("people.account_made", "开设账号", "Account made"),
    Verb("people.account_opened", "注册账号", "Account opened"),
    Verb("people.person_added", "建立个人档案", "Person's record opened"),
    Verb("people.profile_changed", "修改了称呼", "Changed the name shown"),
    Verb(
        "people.records_joined",
        "账号与名册核对为同一人（原档案 {former}）",
        "Account and roll found to be one person (former record {former})",
    ),
    Verb("people.consent_given", "登记同意（{purpose}）", "Consent recorded ({purpose})"),
    Verb("people.consent_withdrawn", "撤回同意（{purpose}）", "Consent withdrawn ({purpose})"),
    Verb("people.helping_started", "开始代办（同意方式：{manner}）", "Began to act for someone (consent: {manner})"),
    Verb("people.helping_ended", "结束代办", "Stopped acting for someone"),
    Verb("people.verification_asked", "申请核实住户", "Asked to be verified as a resident"),
    Verb("people.verification_accepted", "核实为住户", "Verified as a resident"),
    Verb("people.verification_refused", "核实未通过", "Not verified"),
    Verb(
        "people.invitation_made",
        "开具住户邀请码（{days} 天，{uses} 人）",
        "Household invitation made ({days} days, {uses} people)",
    ),
    Verb("people.invitation_revoked", "作废住户邀请码", "Household invitation revoked"),
    Verb("people.invitation_redeemed", "凭邀请码核实为住户", "Verified by household invitation"),
    Verb("people.token_issued", "开具接口令牌（{scopes}，{days} 天）", "API token issued ({scopes}, {days} days)"),
    Verb("people.token_revoked", "作废接口令牌", "API token revoked"),
    Verb("people.data_copied", "取得个人信息副本", "Took a copy of personal data"),
    Verb(
        "people.data_erased",
        "删除个人信息（依法留档 {archived} 条）",
        "Personal data erased ({archived} records kept by law)",
    ),
)

EXPORTS = tuple(
    Export(f"people.{model}", 10 + i)
    for i, model in enumerate(
        (
            "Person",
            "User",
            "Household",
            "HouseholdMember",
            "Capacity",
            "VerificationRequest",
            "Consent",
            "HelperSession",
        )
    )
)


def _keeps_roll(viewer: object) -> bool:
    from yishi.people import permissions

    return bool(permissions.roll_areas(viewer))  # type: ignore[arg-type]


MENU = (
    MenuEntry("me", _("我的"), "people:me", "user", "resident", 90),
    MenuEntry(
        "roll", _("住户核实"), "people:queue", "home-check", "officer", 60,
        visible=_keeps_roll,
    ),
)  # fmt: skip


class PeopleConfig(AppConfig):
    name = "yishi.people"
    label = "people"

    def ready(self) -> None:
        registry.register(verbs_=VERBS, exports_=EXPORTS, menu_=MENU)
        from yishi.people import reactions

        reactions.connect()
