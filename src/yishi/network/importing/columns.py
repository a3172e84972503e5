"""The sheets that are understood, their columns, and the many words by which people name them."""

from dataclasses import dataclass

from yishi.network.models import Area, Organisation, Post
from yishi.people.services.roll import Capacity


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, the heading of the template, other headings that mean the same."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    needed: bool = False
    hint: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that names it."""
        return (self.heading, *self.also)


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of sheet."""

    key: str
    title: str
    columns: tuple[Column, ...]


AREAS = Layout(
    "areas", "区域",
    (
        Column("kind", "区域类别", ("类别", "类型"), True, "区、镇街、社区、经济社、小区、网格"),
        Column("name", "区域名称", ("名称",), True),
        Column("parent", "上级区域", ("上级", "所属"), hint="同名时写全：太平社区/白界西经济社"),
        Column("name_en", "英文名", ("英文名称",)),
        Column("code", "区划代码", ("代码", "编码")),
        Column("households", "户数", ("总户数",)),
        Column("latitude", "纬度"),
        Column("longitude", "经度"),
    ),
)  # fmt: skip
ORGANISATIONS = Layout(
    "organisations", "组织",
    (
        Column("kind", "组织类别", ("组织类型", "类别"), True, "党委、党总支、党支部、居民委员会、经济社、部门……"),
        Column("name", "组织名称", ("单位名称", "单位"), True),
        Column("area", "所在区域", ("所属社区", "所在社区", "所在地"), True),
        Column("under", "隶属", ("上级组织", "上级党组织", "隶属组织")),
        Column("serves", "对应经济社", ("服务经济社", "联合经济社"), hint="联合支部用顿号隔开几个经济社"),
        Column("code", "组织代码", ("统一社会信用代码", "代码")),
        Column("name_en", "英文名", ("英文名称",)),
        Column("opened_on", "成立日期", ("设立日期",)),
        Column("closed_on", "撤销日期", ("注销日期",)),
        Column("sensitive", "敏感", ("不公开",), hint="是：其事项一律不公开"),
    ),
)  # fmt: skip
TERMS = Layout(
    "terms", "任职",
    (
        Column("organisation", "任职组织", ("所在组织", "组织名称", "任职单位", "单位"), True),
        Column("title", "职务", ("职务名称",), True),
        Column("person", "姓名", ("任职人", "任职人员"), True),
        Column("duty", "职责类别", ("职责",), hint="书记、副书记、主任、社长、委员、工作人员……，不填则从职务推断"),
        Column("identity", "证件号码", ("身份证号", "身份证号码", "证件号", "公民身份号码")),
        Column("phone", "手机号", ("手机", "电话", "联系电话", "手机号码")),
        Column("mark", "同名区分", ("区分",), hint="同名又没有号码时填：甲、乙……"),
        Column("since", "任职日期", ("到任日期", "起始日期", "任职时间"), True),
        Column("until", "离任日期", ("免职日期", "截止日期", "离任时间")),
        Column("because", "离任原因", ("免职原因",)),
        Column("seats", "职数", ("席位数",)),
    ),
)  # fmt: skip
HOUSEHOLDS = Layout(
    "households", "住户",
    (
        Column("number", "户号", ("户口编号", "户编号", "户主编号"), True),
        Column("area", "所在区域", ("所属社区", "所在社区", "经济社", "小区", "社区"), True),
        Column("address", "住址", ("地址", "家庭住址", "房号")),
        Column("person", "姓名", ("成员姓名",), True),
        Column("relation", "与户主关系", ("关系", "称谓")),
        Column("identity", "证件号码", ("身份证号", "身份证号码", "证件号", "公民身份号码")),
        Column("phone", "手机号", ("手机", "电话", "联系电话", "手机号码")),
        Column("birth", "出生日期", ("出生年月", "生日")),
        Column("capacity", "资格", ("身份",), hint="居民、村民、成员、业主、党员，可用顿号隔开；不填为居民"),
        Column("since", "入册日期", ("登记日期",)),
    ),
)  # fmt: skip
LAYOUTS = (AREAS, ORGANISATIONS, TERMS, HOUSEHOLDS)

AREA_KINDS = {str(label): value for value, label in Area.Kind.choices} | {
    "镇": "town", "街道": "town", "村": "community", "居委会": "community", "村居": "community", "联社": "community",
    "社": "cooperative", "股份社": "cooperative", "楼盘": "estate", "县": "district",
}  # fmt: skip
ORGANISATION_KINDS = {str(label): value for value, label in Organisation.Kind.choices} | {
    "支部": "party_branch", "联合党支部": "party_branch", "总支": "general_party_branch", "居委会": "residents_committee",
    "村委会": "villagers_committee", "业委会": "owners_committee", "物业": "property_service_company",
    "物业公司": "property_service_company", "监委会": "village_supervision_committee",
    "居务监督委员会": "village_supervision_committee", "联社": "economic_cooperative_union",
    "经联社": "economic_cooperative_union", "社": "economic_cooperative", "股份合作经济社": "economic_cooperative",
    "街道办事处": "town_government", "镇政府": "town_government",
}  # fmt: skip
PARTY_KINDS = frozenset({"party_committee", "general_party_branch", "party_branch"})
CAPACITIES = {str(label): value for value, label in Capacity.Kind.choices}
DUTIES = {str(label): value for value, label in Post.Duty.choices}
# a title tells its duty by the first of these words that it ends with or holds
TITLE_WORDS = (
    ("副书记", "deputy_secretary"), ("书记", "secretary"), ("社长", "president"), ("理事长", "president"),
    ("监督委员会主任", "supervisor"), ("监督", "supervisor"), ("监事", "supervisor"), ("主任", "director"),
    ("镇长", "director"), ("派单", "dispatcher"), ("网格员", "grid_worker"), ("议事员", "deliberator"),
    ("主持", "host"), ("专干", "host"), ("审计", "auditor"), ("委员", "committee_member"),
    ("干部", "officer"), ("科员", "officer"), ("工作人员", "officer"), ("经理", "officer"),
)  # fmt: skip


def duty_of(title: str) -> str:
    """The duty that a title tells; empty where it tells none."""
    return next((duty for word, duty in TITLE_WORDS if word in title), "")
