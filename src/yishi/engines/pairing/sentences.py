"""Why a pair, what a wish says and what an edit costs, in both languages."""

from collections.abc import Mapping, Sequence

from yishi.engines.pairing.model import Branch, Community, Each, Tie, Weights
from yishi.engines.pairing.network import wish_base
from yishi.engines.pairing.table import Compiled
from yishi.engines.words import Text, joined, say

MOST_APART = 5


def points(thousandths: int) -> str:
    """A score: 57834 → 57.834, 57000 → 57."""
    sign, size = "-" if thousandths < 0 else "", abs(thousandths)
    return (
        (f"{sign}{size // 1000}.{size % 1000:03d}".rstrip("0").rstrip(".")) if size % 1000 else f"{sign}{size // 1000}"
    )


def parts_of(
    branch: Branch, community: Community, tie: Tie | None, weights: Weights, total: int
) -> tuple[dict[str, int], list[dict[str, object]]]:
    """Thousandths of a point by reason, and the strengths that meet needs."""
    shared = [
        {"skill": skill, "strength": branch.brings[skill], "need": community.needs[skill]}
        for skill in sorted(set(branch.brings) & set(community.needs))
    ]
    fit = (
        1000
        * weights.fit
        * sum(branch.brings[s] * community.needs[s] for s in set(branch.brings) & set(community.needs))
    )
    bond, past = (1000 * weights.bond * tie.bond, 1000 * weights.past * tie.past) if tie else (0, 0)
    return {"fit": fit, "bond": bond, "past": past, "distance": total - fit - bond - past}, shared


def why(branch: Branch, community: Community, tie: Tie | None, weights: Weights, total: int, *, fixed: bool) -> Text:
    """Why these two: what the one brings and the other needs, distance, bond, years, points."""
    parts, shared = parts_of(branch, community, tie, weights, total)
    said = [_meeting(branch, community, [str(s["skill"]) for s in shared])]
    if weights.distance and parts["distance"]:
        metres = -parts["distance"] // weights.distance
        said.append(say(f"相距 {points(metres)} 公里", f"{points(metres)} km apart"))
    if tie and tie.bond:
        said.append(say(f"有联系（{tie.bond} 级）", f"a bond of level {tie.bond}"))
    if tie and tie.past:
        said.append(say(f"以前结对 {tie.past} 年", f"paired for {tie.past} years before"))
    if fixed:
        said.append(say("已指定", "fixed beforehand"))
    whole = joined(said)
    return say(f"{whole['zh']}。共 {points(total)} 分。", f"{whole['en']}. {points(total)} points in all.")


def _meeting(branch: Branch, community: Community, shared: list[str]) -> Text:
    if not shared:
        brings = "、".join(sorted(branch.brings)) or "未填"
        needs = "、".join(sorted(community.needs)) or "未填"
        return say(
            f"{branch.id}带来{brings}，{community.id}需要{needs}，没有对上的",
            f"{branch.id} brings {_listed(branch.brings)}, {community.id} needs {_listed(community.needs)}: nothing meets",
        )
    brings = "、".join(f"{s}（{branch.brings[s]}）" for s in shared)
    needs = "、".join(f"{s}（{community.needs[s]}）" for s in shared)
    brought = ", ".join(f"{s} ({branch.brings[s]})" for s in shared)
    needed = ", ".join(f"{s} ({community.needs[s]})" for s in shared)
    return say(
        f"{branch.id}带来{brings}，{community.id}需要{needs}",
        f"{branch.id} brings {brought}, {community.id} needs {needed}",
    )


def _listed(levels: Mapping[str, int]) -> str:
    return ", ".join(sorted(levels)) or "nothing told"


def _kind(problem: Compiled, wish: int) -> tuple[str, int]:
    """Kind and place of a wish."""
    base = wish_base(problem)
    kind = max((k for k in base if k != "end" and base[k] <= wish), key=lambda k: (base[k], list(base).index(k)))
    return kind, wish - base[kind]


def wish_texts(problem: Compiled, wishes: Sequence[int]) -> list[Text]:
    """What wishes say, more than five of one kind and bound told as one."""
    alike: dict[tuple[str, int], list[int]] = {}
    for wish in wishes:
        kind, place = _kind(problem, wish)
        bounds = {"row_low": problem.row_low, "row_high": problem.row_high, "column_low": problem.column_low, "column_high": problem.column_high}  # fmt: skip
        alike.setdefault((kind, int(bounds[kind][place]) if kind in bounds else -1 - wish), []).append(wish)
    found: list[Text] = []
    for (kind, bound), members in alike.items():
        if len(members) <= MOST_APART:
            found += [wish_text(problem, w) for w in members]
        else:
            found.append(_many_text(problem, kind, bound, [_kind(problem, w)[1] for w in members]))
    return found


def _many_text(problem: Compiled, kind: str, bound: int, places: list[int]) -> Text:
    row, low = kind.startswith("row"), kind.endswith("low")
    names = [(problem.branches if row else problem.communities)[p] for p in places[:3]]
    who, other = (("支部", "branches"), ("社区", "communities"))[:: 1 if row else -1]
    at_zh, at_en = ("至少", "at least") if low else ("最多", "at most")
    return say(
        f"{len(places)} 个{who[0]}（{'、'.join(names)}等）各{at_zh}结 {bound} 个{other[0]}",
        f"{len(places)} {who[1]} ({', '.join(names)} …) pair with {at_en} {bound} {other[1]} each",
    )


def wish_text(problem: Compiled, wish: int) -> Text:
    """What a wish says, by its number (`network.wish_base`)."""
    kind, place = _kind(problem, wish)
    if kind in {"fixed", "forbidden"}:
        one, other = problem.pair((problem.fixed if kind == "fixed" else problem.forbidden)[place])
        return (
            say(f"指定“{one}”与“{other}”结对", f"“{one}” and “{other}” are fixed as a pair")
            if kind == "fixed"
            else say(f"不许“{one}”与“{other}”结对", f"“{one}” and “{other}” must not be a pair")
        )
    if kind.startswith("group"):
        group = problem.groups[place]
        return _quota_text(problem.quota_names[group.quota], group.label, group.each, kind.endswith("low"), group.low, group.high)  # fmt: skip
    row = kind.startswith("row")
    name = (problem.branches if row else problem.communities)[place]
    low, high = (problem.row_low, problem.row_high) if row else (problem.column_low, problem.column_high)
    single = int((low if kind.endswith("low") else high)[place]) == 1
    unit = (
        ("个社区", "community" if single else "communities") if row else ("个支部", "branch" if single else "branches")
    )
    if kind.endswith("low"):
        return say(f"“{name}”至少结 {low[place]} {unit[0]}", f"“{name}” pairs with at least {low[place]} {unit[1]}")
    return say(f"“{name}”最多结 {high[place]} {unit[0]}", f"“{name}” pairs with at most {high[place]} {unit[1]}")


def _quota_text(name: str, label: str, each: Each, is_low: bool, low: int, high: int) -> Text:
    whose = f"“{name}”" + (f"（{label}）" if label else "")
    whose_en = f"“{name}”" + (f" ({label})" if label else "")
    zh = {Each.TOTAL: "合计", Each.COMMUNITY: "每个社区", Each.BRANCH: "每个支部"}[each]
    en = {Each.TOTAL: "in all", Each.COMMUNITY: "for each community", Each.BRANCH: "for each branch"}[each]
    number, at_zh, at_en = (low, "至少", "at least") if is_low else (high, "最多", "at most")
    return say(f"名额{whose}{zh}{at_zh} {number} 对", f"quota {whose_en}: {at_en} {_pairs(number)} {en}")


def cost_text(cost: int | None, gone: int, new: int) -> Text:
    """What an edit costs, with how many pairs go and come. None: no plan is left."""
    if cost is None:
        return say("改动后没有可行的方案", "With this edit no plan is left")
    if not cost and not gone and not new:
        return say("方案不变", "The plan stays as it is")
    if cost >= 0:
        change = say(f"少 {points(cost)} 分", f"It costs {points(cost)} points")
    else:
        change = say(f"多 {points(-cost)} 分", f"It gains {points(-cost)} points")
    return say(f"{change['zh']}：去掉 {gone} 对，换上 {new} 对", f"{change['en']}: {_pairs(gone)} gone, {new} new")


def relief_text(new: int, total: int) -> Text:
    """What an edit gives where there was no plan."""
    return say(f"改动后有方案：{new} 对，共 {points(total)} 分", f"With this edit there is a plan: {_pairs(new)}, {points(total)} points in all")  # fmt: skip


def _pairs(number: int) -> str:
    return f"{number} pair" if number == 1 else f"{number} pairs"
