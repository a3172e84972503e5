"""The numbers of a vote in words, for what hangs on the board: how many should be there, voted, for and against, what was needed."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from yishi.decisions import rules
from yishi.engines.procedure.case import Result
from yishi.engines.procedure.packs import quantities

MARKS = ("yes", "no", "abstain")
LINES = ("quorum", "valid", "pass")


def label(name: str) -> str:
    """A field of the count in words; candidates keep their reference."""
    return {
        "issued": _("发出"), "returned": _("收回"), "unreturned": _("未收回"), "valid": _("有效"),
        "invalid": _("无效"), "yes": _("赞成"), "no": _("反对"), "abstain": _("弃权"), "blank": _("空白"),
        "double": _("重复勾选"), "repeated": _("重复投票"),
    }.get(name, name)  # fmt: skip


def roll_numbers(result: Result) -> list[tuple[str, str]]:
    """Who should be there and who took part, by the names of the rule pack; areas in m² with two decimals."""
    found = []
    for name, value in (dict(result.counts) | dict(result.values)).items():
        quantity = quantities().get(name)
        if quantity is not None and name != "yes":
            unit = " m²" if quantity.measure == "area" else ""
            found.append((rules.spoken({"zh": quantity.zh, "en": quantity.en}), f"{quantity.written(value)}{unit}"))
    return found


def ballot_numbers(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """The ballots handed out and back, then how they were marked; only what was counted."""
    names = ("issued", "returned", "valid", "invalid", *MARKS)
    return [(label(n), str(counts[n])) for n in names if n in counts]


def ballot_lines(result: Result) -> list[tuple[str, str]]:
    """The same on two lines: handed out and back, then how they were marked."""
    rows = ballot_numbers(result.counts)
    marks = [f"{n} {v}" for n, v in rows if n in {label(mark) for mark in MARKS}]
    box = [f"{n} {v}" for n, v in rows if f"{n} {v}" not in marks]
    return [(head, rules.clauses(told)) for head, told in ((_("票数"), box), (_("表决"), marks)) if told]


def needed(result: Result) -> Iterator[str]:
    """What the law asks for, each line with its arithmetic and its clause."""
    verdicts = result.check.verdicts if result.check else {}
    for name in LINES:
        if name in verdicts:
            yield from (rules.spoken(line.text) for line in verdicts[name].lines)


def vote_words(result: Result) -> list[str]:
    """Everything about one vote, a sentence a line, in the language of the page."""
    parts = ((_("应有和参加"), roll_numbers(result)), (_("票数"), ballot_numbers(result.counts)))
    told = [rules.headed(head, rules.clauses(f"{n} {v}" for n, v in rows)) for head, rows in parts if rows]
    return [*told, *needed(result)]
