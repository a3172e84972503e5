"""Why each project is funded or not, in both languages."""

from fractions import Fraction
from typing import NamedTuple

from yishi.engines.tally.budget.greedy import Greedy
from yishi.engines.tally.budget.payments import rounded
from yishi.engines.tally.budget.shares import Shares
from yishi.engines.words import Text, joined, say

UTILITIES = {
    "cost": say("效用按金额", "utility: cost"),
    "cardinality": say("效用按个数", "utility: number of projects"),
}


class Payers(NamedTuple):
    """Supporters of a funded project: paying the full cap, all they had left, nothing left before."""

    full: int
    rest: int
    nothing: int


def payers(shares: Shares, project: int) -> Payers:
    """How the supporters of a funded project paid."""
    now = int(shares.accounts.when[project])
    emptied = shares.accounts.emptied[shares.instance.supporters[project]]
    rest, nothing = int((emptied == now).sum()), int(((emptied >= 0) & (emptied < now)).sum())
    return Payers(len(emptied) - rest - nothing, rest, nothing)


def missing(shares: Shares, project: int) -> Fraction:
    """What the supporters of an unfunded project lack to pay for it, in the currency."""
    instance = shares.instance
    return (instance.costs[project] - shares.accounts.left_of(project)) / instance.one


def money(amount: Fraction) -> str:
    """An amount for people: two decimals, marked where it is not exact."""
    near = rounded(amount)
    return f"{near.normalize():f}" if near == amount else f"≈{near}"


def shared_reason(shares: Shares, project: int) -> Text:
    """Why equal shares funds a project or not."""
    instance, now = shares.instance, int(shares.accounts.when[project])
    votes, cost = instance.votes[project], instance.money(instance.costs[project])
    if not votes:
        return say("未入选：无人赞成", "not funded: nobody approves it")
    if not instance.costs[project]:
        if project in shares.free:
            return say("入选：不需要经费，有人赞成", "funded: costs nothing and is approved")
        return say("未列入：不需要经费，按金额计没有效用", "left out: costs nothing, so it has no utility by cost")
    if now < 0:
        have, short = money(shares.accounts.left_of(project) / instance.one), money(missing(shares, project))
        return say(
            f"未入选：{votes} 位赞成者的余额共 {have}，费用 {cost}，还差 {short}",
            f"not funded: its {votes} supporters have {have} left of its cost {cost}, {short} short",
        )
    each, by = money(shares.accounts.price(now) / instance.one), payers(shares, project)
    zh = [
        f"{by.full} 人各付 {each}" * (by.full > 0),
        f"{by.rest} 人付出全部余额" * (by.rest > 0),
        f"{by.nothing} 人已无余额" * (by.nothing > 0),
    ]
    en = [
        f"{by.full} pay {each} each" * (by.full > 0),
        f"{by.rest} all they had left" * (by.rest > 0),
        f"{by.nothing} had nothing left" * (by.nothing > 0),
    ]
    return say(
        f"第 {now + 1} 轮入选：{votes} 人赞成，{'，'.join(filter(None, zh))}，合计 {cost}",
        f"funded in round {now + 1}: of {votes} supporters {', '.join(filter(None, en))}; together {cost}",
    )


def shared_summary(shares: Shares) -> Text:
    """Share, completion and outcome in a sentence."""
    instance, share = shares.instance, money(shares.share / shares.instance.one)
    utility = UTILITIES[shares.utility]
    stop = {
        "plain": say("不作补足", "without completion"),
        "exhausted": say(
            f"补足时每人份额加 1 共 {shares.raises} 次，余额已不够任何有人赞成的项目",
            f"completed by raising every share {shares.raises} times by 1, until nothing approved fits what is left",
        ),
        "exceeds": say(
            f"补足时每人份额加 1 共 {shares.raises} 次，再加就超出预算",
            f"completed by raising every share {shares.raises} times by 1; once more would exceed the budget",
        ),
    }[shares.stop]
    voters = len(instance.voters)
    head = say(
        f"等额分担法（{utility['zh']}）：{voters} 人各有 {share}",
        f"method of equal shares ({utility['en']}): {voters} voters with {share} each",
    )
    return joined([head, stop, _spent(shares)])


def greedy_reason(result: Greedy, project: int) -> Text:
    """Why the greedy rule funds a project or skips it."""
    instance, place = result.instance, result.order.index(project)
    votes, cost, left = instance.votes[project], instance.costs[project], result.left_before[place]
    verdict = say("入选", "funded")
    if cost > left:
        over = instance.money(cost - left)
        verdict = say(f"超出余额 {over}，顺延下一项", f"{over} more than is left: on to the next that fits")
    elif not votes:
        verdict = say("无人赞成，但余额够，排在最后入选", "approved by nobody, funded last because it fits")
    return say(
        f"第 {place + 1} 位：{votes} 票，费用 {instance.money(cost)}，余额 {instance.money(left)}：{verdict['zh']}",
        f"place {place + 1}: {votes} votes, cost {instance.money(cost)}, {instance.money(left)} left: {verdict['en']}",
    )


def greedy_summary(result: Greedy) -> Text:
    """The rule and the outcome in a sentence."""
    by = {
        "cost": say("按票数从高到低，超出余额的顺延", "by votes, skipping to the next that fits"),
        "cardinality": say("按每元票数从高到低，超出余额的顺延", "by votes per money, skipping to the next that fits"),
    }[result.utility]
    return joined([say(f"贪心法：{by['zh']}", f"greedy: {by['en']}"), _spent(result)])


def _spent(result: Greedy | Shares) -> Text:
    instance = result.instance
    spent, left = instance.money(result.spent), instance.money(instance.budget - result.spent)
    return say(
        f"预算 {instance.money(instance.budget)}，入选 {len(result.chosen)} 项共 {spent}，剩 {left}",
        f"budget {instance.money(instance.budget)}, {len(result.chosen)} projects funded for {spent}, {left} left",
    )
