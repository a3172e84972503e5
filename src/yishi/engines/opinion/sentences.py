"""What the map says, in plain sentences with their numbers, Chinese and English."""

from typing import Any

import numpy as np

from yishi.engines.opinion.lists import Bridge, Entry
from yishi.engines.opinion.mapping import FEWEST_PEOPLE, MapResult
from yishi.engines.opinion.resampling import Replication

Sentence = dict[str, str]
_STEMS = "甲乙丙丁戊"


def group_name(group: int) -> Sentence:
    """甲组 / Group A."""
    return {"zh": f"{_STEMS[group]}组", "en": f"Group {chr(65 + group)}"}


def summary(result: MapResult) -> list[Sentence]:
    """Who took part, whether there are groups and how sure that is, what the axes show."""
    return [_took_part(result), _groups(result), _axes(result)]


def _took_part(result: MapResult) -> Sentence:
    people = int((result.vote_counts > 0).sum())
    votes = int(result.everyone.seen[0, ~result.removed].sum())
    inside, statements = int((result.groups >= 0).sum()), int(result.voted_on.sum())
    return {
        "zh": f"{people} 人对 {statements} 条意见表态 {votes} 次，其中 {inside} 人表态够多，参与分组。",
        "en": f"{people} people cast {votes} votes on {statements} statements; "
        f"{inside} voted often enough to be grouped.",
    }


def _groups(result: MapResult) -> Sentence:
    count = result.centres.shape[0]
    tested = {k: s.replication for k, s in result.splits.items() if s.replication is not None}
    if count == 1:
        return _one_group(result, max(tested.values(), key=lambda r: r.mean, default=None))
    sizes = result.group_sizes
    zh = "、".join(f"{group_name(g)['zh']} {n} 人" for g, n in enumerate(sizes))
    en = ", ".join(f"{group_name(g)['en']} {n}" for g, n in enumerate(sizes))
    tried = count if count in result.splits else result.settings.groups or count
    split, test = result.splits.get(tried), tested.get(tried)
    gap = f"{split.separation:.2f}" if split else "–"
    if test is None:
        return {
            "zh": f"看法分为 {count} 组：{zh}；分离度 {gap}，未经重抽检验。",
            "en": f"Views fall into {count} groups: {en}; separation {gap}, not tested by resampling.",
        }
    mean = f"{test.mean:.2f}"
    if not test.announced:
        below = _below(test)
        return {
            "zh": f"按要求分为 {count} 组（{zh}），但把人随机分两半后分法对不上"
            f"（一致度 {mean}，{below['zh']}），不宜公布。",
            "en": f"Divided into {count} groups as asked ({en}), but random halves of the people do not "
            f"agree on them (replication {mean}, {below['en']}): not to be announced.",
        }
    sure = ("稳定", "stable") if test.solid else ("大致稳定", "fairly stable")
    return {
        "zh": f"看法分为 {count} 组：{zh}；{sure[0]}：{test.divisions} 次随机分两半，"
        f"两半分法的一致度平均 {mean}（1 为完全相同，0 为偶然），分离度 {gap}。",
        "en": f"Views fall into {count} groups: {en}; {sure[1]}: in {test.divisions} random halvings the "
        f"halves agree by {mean} on average (1 the same, 0 chance), separation {gap}.",
    }


def _below(test: Replication) -> Sentence:
    """Where the replication lies beside what an announcement takes."""
    least = f"{test.announced_from:.2f}"
    if test.mean < test.announced_from:
        return {"zh": f"低于 {least}", "en": f"below {least}"}
    return {"zh": f"不明确高于 {least}", "en": f"not clearly above {least}"}


def _one_group(result: MapResult, best: Replication | None) -> Sentence:
    asked, inside = result.settings.groups, result.groups >= 0
    few = 2 if result.settings.method == "polis" else FEWEST_PEOPLE
    if asked == 1:
        return {"zh": "按要求不分组。", "en": "Not divided, as asked."}
    if inside.sum() < max(few, asked or 0):
        return {
            "zh": f"表态够多的只有 {inside.sum()} 人，人数太少，不分组。",
            "en": f"Only {inside.sum()} voted often enough: too few people to divide.",
        }
    if result.axes.total <= 0:
        return {
            "zh": "每条意见上，表态的人都一样，没有可分的组。",
            "en": "On every statement all voted alike: there is nothing to divide.",
        }
    if (spots := np.unique(result.coordinates[inside], axis=0).shape[0]) < 3 or best is None:
        return {
            "zh": f"参与分组的人在图上只有 {spots} 处位置，表态差别太少，不分组。",
            "en": f"Those who voted often enough stand in only {spots} places on the map: "
            "their votes differ too little to form groups.",
        }
    below = _below(best)
    return {
        "zh": f"没有稳定的分组：把人随机分两半后，分法的一致度最高只有 {best.mean:.2f}，{below['zh']}，因此不宣布分组。",
        "en": f"No stable groups: random halves of the people agree by {best.mean:.2f} at best, {below['en']}, "
        "so no split is announced.",
    }


def _axes(result: MapResult) -> Sentence:
    one, two = (f"{100 * share:.0f}" for share in result.axes.shares)
    return {
        "zh": f"横轴显示全部差异的 {one}%，纵轴 {two}%；图上离得近的人，表态相近。",
        "en": f"The horizontal axis shows {one}% of all differences, the vertical {two}%; "
        "people close on the map voted alike.",
    }


def own_words(statement: Any, texts: dict[Any, str]) -> Sentence:
    """The statement's own words, or its number."""
    text = " ".join(texts.get(statement, "").split())
    return {"zh": text or f"第 {statement} 条意见", "en": text or f"statement {statement}"}


def quoted(statement: Any, texts: dict[Any, str]) -> Sentence:
    """The same in quotation marks where it has words."""
    words = own_words(statement, texts)
    return {k: f"“{text}”" for k, text in words.items()} if texts.get(statement, "").split() else words


def of_representative(group: int, entry: Entry, texts: dict[Any, str]) -> Sentence:
    """Why a statement stands for a group."""
    name, words = group_name(group), quoted(entry.statement, texts)
    times = entry.numbers["repness"]
    zh, en = ("同意", "agreed with") if entry.direction == "agree" else ("不同意", "disagreed with")
    return {
        "zh": f"{name['zh']} {entry.seen} 人中 {entry.hits} 人{zh}{words['zh']}，比例是其他人的 {times:.1f} 倍。",
        "en": f"In {name['en']}, {entry.hits} of {entry.seen} {en} {words['en']}, "
        f"{times:.1f} times the share of everyone else.",
    }


def of_consensus(entry: Entry, texts: dict[Any, str]) -> Sentence:
    """How many of all stand behind a statement."""
    words = quoted(entry.statement, texts)
    zh, en = ("同意", "agreed with") if entry.direction == "agree" else ("不同意", "disagreed with")
    percent = 100 * entry.hits / max(entry.seen, 1)
    return {
        "zh": f"表态的 {entry.seen} 人中 {entry.hits} 人{zh}{words['zh']}（{percent:.0f}%）。",
        "en": f"{entry.hits} of the {entry.seen} who voted {en} {words['en']} ({percent:.0f}%).",
    }


def of_bridge(bridge: Bridge, texts: dict[Any, str]) -> Sentence:
    """That every group stands on one side."""
    words = quoted(bridge.statement, texts)
    zh, en = ("同意", "agree with") if bridge.direction == "agree" else ("不同意", "disagree with")
    shares = [(group_name(g), 100 * hits / max(seen, 1)) for g, (hits, seen) in enumerate(bridge.groups)]
    low = 100 * bridge.least
    return {
        "zh": f"各组多数都{zh}{words['zh']}："
        + "、".join(f"{n['zh']} {p:.0f}%" for n, p in shares)
        + f"；有九成把握每组不低于 {low:.0f}%。",
        "en": f"The majority of every group {en} {words['en']}: "
        + ", ".join(f"{n['en']} {p:.0f}%" for n, p in shares)
        + f"; at 90% confidence at least {low:.0f}% in each.",
    }


def text_twin(result: MapResult, language: str) -> str:
    """The map in words, for those who do not see it and for the record; lines of plain text."""
    zh = language == "zh"
    lines = [s[language] for s in summary(result)]
    for group, entries in result.representative.items():
        name = group_name(group)[language]
        lines += ["", f"{name}：有代表性的意见" if zh else f"{name}: what sets it apart"]
        lines += [f"- {of_representative(group, entry, result.texts)[language]}" for entry in entries]
    if result.bridging:
        lines += ["", "各组都赞成或都反对的意见" if zh else "What every group shares"]
        lines += [f"- {of_bridge(bridge, result.texts)[language]}" for bridge in result.bridging]
    agreed = [entry for entries in result.consensus.values() for entry in entries]
    if agreed:
        lines += ["", "全体最一致的意见" if zh else "What all together agree on most"]
        lines += [f"- {of_consensus(entry, result.texts)[language]}" for entry in agreed]
    return "\n".join(lines) + "\n"
