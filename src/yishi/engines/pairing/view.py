"""An answer as plain data: pairs with their reasons, quotas as they are filled, the proof, the conflict."""

from typing import Any

import numpy as np

from yishi.engines.pairing.conflict import Conflict
from yishi.engines.pairing.editing import WhatIf
from yishi.engines.pairing.model import Problem
from yishi.engines.pairing.network import groups_of
from yishi.engines.pairing.sentences import parts_of, points, why
from yishi.engines.pairing.solving import Plan
from yishi.engines.rows import left_out_words


def as_data(problem: Problem, plan: Plan) -> dict[str, Any]:
    """A plan. Scores are thousandths of a point; `why` in both languages."""
    branches, communities = {b.id: b for b in problem.branches}, {c.id: c for c in problem.communities}
    ties = {(t.branch, t.community): t for t in problem.ties}
    rows, columns = np.divmod(plan.keys, plan.problem.shape[1])
    scores = plan.problem.table[rows, columns].tolist()
    pairs = []
    for (one, other), score in zip(plan.pairs, scores, strict=True):
        both, tie, is_fixed = (branches[one], communities[other]), ties.get((one, other)), (one, other) in problem.fixed
        parts, shared = parts_of(*both, tie, problem.weights, score)
        pairs.append(
            {
                "branch": one,
                "community": other,
                "score": score,
                "parts": parts,
                "shared": shared,
                "fixed": is_fixed,
                "why": why(*both, tie, problem.weights, score, fixed=is_fixed),
            }
        )
    paired = {one for one, _ in plan.pairs} | {other for _, other in plan.pairs}
    return {
        "status": "optimal",
        "total": plan.total,
        "pairs": pairs,
        "unpaired": {
            "branches": [b for b in plan.problem.branches if b not in paired],
            "communities": [c for c in plan.problem.communities if c not in paired],
        },
        "quotas": _quotas(plan),
        "certificate": {
            "proven": plan.certificate.proven,
            "method": plan.certificate.method,
            "total": plan.certificate.total,
            "bound": plan.certificate.bound,
            "pairs_checked": plan.certificate.checked,
            "outside_solver": plan.certificate.outside,
        },
    }


def _quotas(plan: Plan) -> list[dict[str, Any]]:
    n, m = plan.problem.shape
    names = plan.problem.quota_names
    found: dict[int, dict[str, Any]] = {}
    for group, places in groups_of(plan.problem.groups, plan.keys, m, n):
        room = found.setdefault(
            id(group),
            {
                "name": names[group.quota],
                "institution": group.label,
                "each": group.each.value,
                "low": group.low,
                "high": group.high if group.high < n * m else None,
                "least": places.size,
                "most": places.size,
            },
        )
        room["least"], room["most"] = min(room["least"], int(places.size)), max(room["most"], int(places.size))
    return list(found.values())


def conflict_data(found: Conflict) -> dict[str, Any]:
    """Wishes that cannot all be kept."""
    return {
        "status": "infeasible",
        "pairs": [],
        "conflict": {
            "wishes": list(found.texts),
            "told": list(found.told),
            "smallest": found.smallest,
            "sentence": found.sentence,
        },
    }


def what_if_data(found: WhatIf) -> dict[str, Any]:
    """What edits cost; `status`, `total` and `pairs` tell of the plan after them (`as_data` has all of it)."""
    return {
        "status": "infeasible" if found.after is None else "optimal",
        "total": None if found.after is None else found.after.total,
        "pairs": [],
        "before": None if found.before is None else found.before.total,
        "after": None if found.after is None else found.after.total,
        "cost": found.cost,
        "gone": [list(pair) for pair in found.gone],
        "new": [list(pair) for pair in found.new],
        "sentence": found.sentence,
    }


def _conflict_words(conflict: dict[str, Any], language: str) -> str:
    zh, wishes = language == "zh", [w[language] for w in conflict["told"]]
    if len(wishes) == 1:
        return ("没有方案。" if zh else "No plan. ") + f"{conflict['sentence'][language]}\n"
    head = "没有方案：以下各项不能同时满足，至少改一项" if zh else "No plan: these cannot all be kept, change one"
    return "\n".join([head, *(f"· {w}" for w in wishes)]) + "\n"


def as_words(answer: dict[str, Any], language: str) -> str:
    """The same for a reader: a line for each pair, then the proof or the conflict."""
    zh = language == "zh"
    if answer["status"] != "optimal":
        return (
            _conflict_words(answer["conflict"], language) + _edit_words(answer, language) + _left_out(answer, language)
        )
    lines = [f"{p['branch']} — {p['community']}\n    {p['why'][language]}" for p in answer["pairs"]]
    total, checked = points(answer["total"]), answer["certificate"]["pairs_checked"]
    if not answer["certificate"]["proven"]:
        lines.append(f"共 {total} 分（未能证明最优）" if zh else f"{total} points (not proven best)")
    else:
        lines.append(f"共 {total} 分，已证明最优（核对 {checked} 对）" if zh else f"{total} points, proven best ({checked} pairs checked)")  # fmt: skip
    for side, label in (("branches", ("未结对的支部", "Branches without a pair")), ("communities", ("未结对的社区", "Communities without a pair"))):  # fmt: skip
        if answer["unpaired"][side]:
            lines.append(f"{label[0 if zh else 1]}：{'、'.join(answer['unpaired'][side])}" if zh else f"{label[1]}: {', '.join(answer['unpaired'][side])}")  # fmt: skip
    return "\n".join(lines) + "\n" + _edit_words(answer, language) + _left_out(answer, language)


def _left_out(answer: dict[str, Any], language: str) -> str:
    zh, en = left_out_words(answer.get("left_out", []))
    return f"{zh if language == 'zh' else en}\n" if zh else ""


def _edit_words(answer: dict[str, Any], language: str) -> str:
    """What edits cost or give; where they leave no plan, what conflicts."""
    found = answer.get("what_if")
    if found is None:
        return ""
    lines = [found["sentence"][language]]
    if answer["status"] != "optimal":
        lines += [f"· {one} — {other}" for one, other in found["new"]]
    else:
        lines += [f"{sign} {one} — {other}" for sign, key in (("-", "gone"), ("+", "new")) for one, other in found[key]]
    return "\n".join(lines) + "\n" + (_conflict_words(found["conflict"], language) if "conflict" in found else "")
