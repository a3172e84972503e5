"""The types of matter that a body can decide, for each kind of organisation."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.network.viewers import COMMUNITY_KINDS, Kind

COOPERATIVES = frozenset({Kind.ECONOMIC_COOPERATIVE, Kind.COOPERATIVE_UNION})
VILLAGES = frozenset({Kind.VILLAGERS_COMMITTEE})
RESIDENTS = COMMUNITY_KINDS - VILLAGES
OWNERS = frozenset({Kind.OWNERS_COMMITTEE})
PARTIES = frozenset({Kind.PARTY_COMMITTEE, Kind.GENERAL_PARTY_BRANCH, Kind.PARTY_BRANCH})
LISTS: dict[str, str] = {str(kind): name for kinds, name in ((COOPERATIVES, "cooperative"), (VILLAGES, "village"), (RESIDENTS, "community")) for kind in kinds}  # fmt: skip
FACTS: dict[str, str | Promise] = {
    "amount": _("金额（元）"), "amount_per_year": _("年金额（元）"), "years": _("年限"), "seats": _("应选名额"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """A type of matter.

    ``listed`` is routed by the important-matter list of the organisation's level; others go the
    ``fixed`` way: procedure, pack family, item. ``facts`` are the numbers that decide the route.
    ``major`` ones go by the four deliberations where an assembly decides. ``options`` are asked always.
    ``about_person`` ones are about someone in office, who is named and has no hand in it.
    """

    id: str
    label: str | Promise
    kinds: frozenset[Any]
    facts: tuple[str, ...] = ()
    listed: bool = False
    major: bool = False
    item: str = ""
    fixed: tuple[str, str] = ("", "")
    options: tuple[str, ...] = ()
    secret: bool = False
    clause: str | Promise = ""
    needs: tuple[str, ...] = field(default=())
    about_person: bool = False


_CIVIL = COOPERATIVES | VILLAGES | RESIDENTS
_278 = _("民法典第278条")


def _owners(item: str, label: str | Promise) -> Subject:
    return Subject(f"owners_{item}", label, OWNERS, item=item, fixed=("owners_vote", ""), clause=_278)


SUBJECTS: dict[str, Subject] = {s.id: s for s in (
    Subject("project", _("建设、维修项目"), _CIVIL, ("amount",), listed=True, major=True),
    Subject("payment", _("大额支出"), _CIVIL, ("amount",), listed=True, major=True),
    Subject("lease", _("出租、发包集体资产"), COOPERATIVES, ("years", "amount_per_year"), listed=True, major=True),
    Subject("distribution", _("年度收益分配方案"), COOPERATIVES, listed=True),
    Subject("appointment", _("重要岗位人员任免、聘用"), _CIVIL, listed=True, major=True),
    Subject("charter", _("章程的制定和修改"), COOPERATIVES, listed=True, item="1"),
    Subject("membership", _("成员身份确认"), COOPERATIVES, listed=True, item="3"),
    Subject("land", _("土地承包、宅基地、股份量化"), COOPERATIVES, listed=True, item="8"),
    Subject("land_compensation", _("征地补偿费的使用和分配"), COOPERATIVES, listed=True, item="10"),
    Subject("merge_split", _("合并、分立"), COOPERATIVES, listed=True, item="12"),
    Subject("benefits", _("长期服务的非成员享有成员权益"), COOPERATIVES, fixed=("members_assembly", "REO-34"), clause=_("农村集体经济组织法第15条")),
    Subject("covenant", _("村规民约、居民公约"), VILLAGES | RESIDENTS, listed=True),
    Subject("public_fundraising", _("公益事业筹资筹劳"), VILLAGES | RESIDENTS, listed=True, options=("consultation",)),
    Subject("election", _("村民委员会换届选举"), VILLAGES, ("seats",), fixed=("village_election", ""), secret=True, clause=_("村民委员会组织法（2026年施行）第16至18条")),
    Subject("recall", _("罢免村民委员会成员"), VILLAGES, fixed=("recall", ""), secret=True, about_person=True, clause=_("村民委员会组织法（2026年施行）第19条")),
    _owners("8", _("改变共有部分用途或利用它经营（如公共绿地建充电棚）")),
    _owners("5", _("使用维修资金")),
    _owners("6", _("筹集维修资金")),
    _owners("4", _("选聘、解聘物业服务企业")),
    _owners("1", _("业主大会议事规则")),
    _owners("2", _("管理规约")),
    _owners("3", _("选举业主委员会或更换委员")),
    _owners("7", _("改建、重建建筑物及附属设施")),
    _owners("9", _("共有和共同管理的其他重大事项")),
    Subject("home_to_business", _("住宅改为经营性用房"), OWNERS, fixed=("owners_unanimous", "OWN-279"), clause=_("民法典第279条")),
    Subject("party_matter", _("党内事项"), PARTIES, fixed=("party_meeting", "PARTY-GM"), clause=_("中国共产党支部工作条例（试行）第11条")),
)}  # fmt: skip
