"""What a column means: names that hotlines and message boards use, and the layouts they make."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yishi.matters.models import Report

# field → names of columns that hold it, in order of preference
NAMES: dict[str, tuple[str, ...]] = {
    "number": ("工单编号", "工单号", "受理编号", "留言编号", "流水号", "登记编号", "编号", "id", "replyID"),
    "title": ("标题", "留言主题", "诉求标题", "工单标题", "主题", "事项", "title", "subject"),
    "text": ("诉求内容", "留言详情", "反映内容", "来电内容", "工单内容", "内容", "content", "replyContentMain"),
    "received": (
        "受理时间", "来电时间", "留言时间", "登记时间", "创建时间", "反映时间", "时间", "日期", "dateline", "replyDate", "date",
    ),
    "nature": ("诉求类型", "工单类型", "诉求性质", "性质", "类型", "nature", "typeNameD"),
    "origin": ("受理渠道", "来源渠道", "渠道", "来源", "channel"),
    "reply": ("答复意见", "答复内容", "回复内容", "答复", "reply", "handleContent"),
    "replied": ("答复时间", "回复时间", "办结时间", "handleTime"),
    "days": ("答复天数", "办理天数", "days_to_final_reply"),
    "transfers": ("转办次数", "转派次数", "n_transfers"),
    "place": ("事发地点", "发生地址", "地点", "river"),
    "district": ("所属区域", "区域", "district"),
    "community": ("所属社区", "社区", "村居"),
    "name": ("反映人", "来电人", "诉求人", "联系人", "姓名", "留言用户", "replyName", "anonymous"),
    "phone": ("联系电话", "来电号码", "电话", "手机"),
    "address": ("联系地址", "住址", "家庭住址"),
    "likes": ("点赞数",),
    "dislikes": ("反对数",),
}  # fmt: skip
KNOWN = frozenset(name for names in NAMES.values() for name in names)
LABELS = {
    "number": _("工单编号"), "title": _("标题"), "text": _("内容"), "received": _("受理时间"), "nature": _("类型"),
    "origin": _("来源渠道"), "reply": _("答复意见"), "replied": _("答复时间"), "days": _("答复天数"),
    "transfers": _("转办次数"), "place": _("事发地点"), "district": _("所属区域"), "community": _("所属社区"),
    "name": _("反映人"), "phone": _("联系电话"), "address": _("联系地址"), "likes": _("点赞数"), "dislikes": _("反对数"),
}  # fmt: skip
REQUIRED = ("text", "received")


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of list: by which channel its rows came, and whether they have been public already."""

    key: str
    channel: str
    public: bool


LAYOUTS = {
    "hot": Layout("hot", Report.Channel.MESSAGE_BOARD, True),
    "liuyan": Layout("liuyan", Report.Channel.MESSAGE_BOARD, True),
    "published": Layout("published", Report.Channel.HOTLINE, True),
    "hotline": Layout("hotline", Report.Channel.HOTLINE, False),
    "paper": Layout("paper", Report.Channel.PAPER, False),
}
NATURES = {
    "咨询": "consult", "求助": "help", "建议": "suggest", "投诉": "complaint", "举报": "report", "信访": "petition",
    "建言": "suggest", "感谢": "suggest", "表扬": "suggest", "诉求": "help", "问题": "help",
}  # fmt: skip


def guess(header: tuple[str, ...]) -> dict[str, str]:
    """Which column holds which field, by its name: field → column."""
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        column = next((name for name in names if name in header), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def layout_of(header: tuple[str, ...]) -> Layout:
    """The layout that these columns speak of; the town's own hotline list where nothing decides."""
    columns = set(header)
    if {"留言主题", "点赞数"} <= columns or {"留言主题", "答复意见"} <= columns:
        return LAYOUTS["hot"]
    if "typeNameD" in columns or "forumName" in columns:
        return LAYOUTS["liuyan"]
    if {"n_transfers", "days_to_final_reply"} <= columns:
        return LAYOUTS["published"]
    if {"登记编号", "经手人"} & columns and "工单编号" not in columns:
        return LAYOUTS["paper"]
    return LAYOUTS["hotline"]


def natures_in(word: str) -> tuple[str, ...] | None:
    """The natures that a cell names (``投诉/求助`` names two); empty: none given; None: not known."""
    parts = [p for p in re.split(r"[/、，,\s]+", word) if p]
    found = tuple(NATURES[p] for p in parts if p in NATURES)
    return None if parts and not found else found


def missing(mapping: Mapping[str, str]) -> list[str]:
    """Fields that every list must have and this one has not."""
    return [field for field in REQUIRED if field not in mapping]
