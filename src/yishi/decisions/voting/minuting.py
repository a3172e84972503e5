"""The first draft of minutes, in Chinese, out of what was recorded: what the law wants in them, nothing invented."""

import datetime as dt

from django.utils import timezone, translation

from yishi.decisions.models import AgendaItem, BallotBox, Meeting, Result
from yishi.decisions.voting import booths, kinds
from yishi.decisions.voting.rounds import candidates_of, is_runoff, votes_of, with_names
from yishi.decisions.voting.tallying import took_part
from yishi.people import selectors as people

CHANNELS = {"person": "现场", "qr": "扫码", "paper": "纸质", "helper": "代办", "online": "在线", "proxy": "委托"}
BOX = {"issued": "发出", "returned": "收回", "unreturned": "未收回", "valid": "有效", "invalid": "无效"}
MARKS = {"yes": "赞成", "no": "反对", "abstain": "弃权", "blank": "空白", "double": "重复勾选"}


def _at(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y年%m月%d日 %H:%M}" if moment else "——"


def draft_of(meeting: Meeting) -> str:
    """The draft: time, place, people, then each item with attendance, recusals, method, count and outcome."""
    names = people.names_of({p for p in (meeting.convened_by_id, meeting.host_id, meeting.recorder_id) if p})
    lines = [
        f"{meeting.title} 会议记录",
        f"时间：{_at(meeting.opened_at)} 至 {_at(meeting.closed_at)}",
        f"地点：{meeting.place or '——'}",
        f"召集人：{names.get(meeting.convened_by_id, '——')}",
        f"主持人：{names.get(meeting.host_id or 0, '——')}",
        f"记录人：{names.get(meeting.recorder_id or 0, '——')}",
        f"通知：{_at(meeting.noticed_at)} 发出，送达登记 {meeting.deliveries.count()} 次",
        f"到会：{_attendance(meeting)}",
        f"委托：{meeting.proxies.filter(revoked_at=None).count()} 份",
    ]
    for item in meeting.items.select_related("decision", "roll").order_by("number"):
        lines += ["", *_item(item)]
    return "\n".join(lines)


def _attendance(meeting: Meeting) -> str:
    found: dict[str, set[tuple[int | None, str]]] = {}
    rows = meeting.attendance.values_list("channel", "entry__person_id", "entry__label")
    for channel, person, label in rows:
        found.setdefault(channel, set()).add((person, "" if person else label))
    return "，".join(f"{CHANNELS.get(c, c)} {len(who)} 人" for c, who in sorted(found.items())) or "——"


def _item(item: AgendaItem) -> list[str]:
    version = item.decision.versions.order_by("-number").first()
    again = "，另行选举" if is_runoff(item) else ""
    lines = [f"第 {item.number} 项：{item.decision.title}（{item.decision.reference}）{again}"]
    if version:
        lines.append(f"方案（第 {version.number} 稿，文本校验 {version.digest[:16]}）：{version.text}")
    if item.roll:
        counts = "，".join(
            f"{v}" if not kinds.is_area(k) else f"{v // 100}.{v % 100:02d} 平方米" for k, v in item.roll.counts.items()
        )
        lines.append(f"名册：{item.roll.get_kind_display()}，应到 {counts or '——'}，校验 {item.roll.root[:16]}")
    if item.present is not None:
        lines.append(f"表决开始时到会：{item.present}")
    for recusal in item.recusals.select_related("entry"):
        lines.append(f"回避：名册第 {recusal.entry.number} 号，{recusal.reason}")
    box = BallotBox.objects.filter(item=item).first()
    if box:
        way = "无记名投票" if box.secret else "记名表决" if box.online else "举手表决"
        cast = took_part(box)
        came = "参加人数待清点" if cast is None else f"参加 {cast}"
        lines.append(f"方式：{way}，{_at(box.opened_at)} 开始，{_at(box.closed_at)} 停止，{came}")
        lines += booths.lines_of(booths.booths_of(box))
    if item.left:
        lines.append(f"未表决：{_unvoted(item)}")
    names, votes = (candidates_of(item.decision), votes_of(item.decision)) if box and box.seats else ({}, {})
    for result in item.results.order_by("number"):
        lines += _result(result, names, votes.get(result.pk, {}))
    return lines


def _unvoted(item: AgendaItem) -> str:
    with translation.override("zh-hans"):
        words = item.standing
    return f"{words}（{item.left_words}）" if item.left_words else words


def _result(result: Result, names: dict[str, str], votes: dict[str, int]) -> list[str]:
    """The count and what it amounts to; of an election every candidate by name."""
    parts = [f"{word} {result.counts[key]}" for key, word in {**BOX, **MARKS}.items() if key in result.counts]
    parts += [f"{names.get(code, code)} {n} 票" for code, n in sorted(votes.items(), key=lambda row: -row[1])]
    out = [f"计票：{'，'.join(parts)}"] if parts else []
    out.append(f"结果：{with_names(result.report['text']['zh'], names)}")
    out += [f"依据：{v['text']['zh']}" for v in result.report.get("verdicts", ()) if "text" in v]
    if result.certified_at:
        out.append(f"确认：{_at(result.certified_at)}，校验码 {result.check_code}")
    return out
