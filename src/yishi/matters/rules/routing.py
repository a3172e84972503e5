"""Whose decision is it? A suggestion with its reason and clause, and who may lead (domain.md §2.1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.engines.triage.urgency import urgency_of
from yishi.matters.rules.words import Text, data, said


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed choice (``Matter.Decider`` or ``Matter.Size`` value) and why; a person decides.

    ``words`` are the words of the text that speak for it; ``certain`` is false
    where nothing in the text decides.
    """

    value: str
    reason: Text
    clause: Text
    words: tuple[str, ...] = ()
    certain: bool = True

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return said(self.reason)

    @property
    def by(self) -> str:
        """The clause in the reader's language."""
        return said(self.clause)


_NOTHING = {"zh": "文中没有可判断的词，暂按社区事务，请人工确认。", "en": "No word decides; taken as the community's own affair until a person confirms."}  # fmt: skip
_ASKED = {"zh": "属于“{c}”类，按规则由其决定。", "en": "Category “{c}”: decided so by rule."}
_NO_CLAUSE = {"zh": "", "en": ""}


def clause_of(decider: str) -> Text:
    """The clause by which a body decides."""
    rules = data("routing")
    clause: Text = rules["clauses"][rules["deciders"][decider]["clause"]]
    return clause


def suggest_decider(text: str, category_words: Iterable[str] = ()) -> Suggestion:
    """Who should decide what this text tells.

    ``category_words`` are the names of its category and the categories above.
    An emergency goes before all else; then the highest score; a breach of law or
    a government duty wins a tie, since the community cannot lead such work.
    """
    urgency = urgency_of(text)
    if urgency.level == "emergency":
        return Suggestion("emergency", urgency.reasons[0].sentence, clause_of("emergency"), urgency.reasons[0].words)
    whole = text + "\n" + " ".join(category_words)
    best: tuple[int, bool, dict[str, object], tuple[str, ...]] | None = None
    for rule in data("routing")["rules"]:
        if any(word in whole for word in rule.get("unless", ())):
            continue
        hits = _longest(word for word in rule["words"] if word in whole)
        score = (len(hits) * rule["weight"], rule["decider"] == "department")
        if hits and (best is None or score > best[:2]):
            best = (*score, rule, hits)
    if best is None:
        return Suggestion("community", _NOTHING, clause_of("community"), certain=False)
    rule = best[2]
    decider = str(rule["decider"])
    return Suggestion(decider, rule["reason"], clause_of(decider), best[3])  # type: ignore[arg-type]


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    """Words without those that lie inside another of them."""
    found = list(words)
    return tuple(w for w in found if not any(w != other and w in other for other in found))


def suggest_size(text: str, reports: int = 1) -> Suggestion:
    """大事, 难事 or 小事, from the words and from how many people told it (house rule)."""
    rules = data("sizing")
    for rule in rules["sizes"]:
        hits = _longest(word for word in rule["words"] if word in text)
        if hits:
            return Suggestion(rule["size"], rule["reason"], _NO_CLAUSE, hits)
    if reports >= rules["many"]["reports"]:
        reason = {k: v.format(n=reports) for k, v in rules["many"]["reason"].items()}
        return Suggestion("hard", reason, _NO_CLAUSE)
    return Suggestion("everyday", rules["everyday"]["reason"], _NO_CLAUSE, certain=False)


def emergency_number(text: str) -> str:
    """The number to call at once (119, 120, 110, 122), or nothing."""
    urgency = urgency_of(text)
    return urgency.number or "" if urgency.level == "emergency" else ""


def may_lead(decider: str, kind: str) -> Verdict:
    """Whether an organisation of this kind may lead a matter that this body decides.

    What a government department must do cannot be given to a community as lead.
    """
    rules = data("routing")
    rule = rules["deciders"][decider]
    if kind in rule["lead"]:
        return YES
    if "refusal" in rule:
        return no(
            _("这件事要由政府部门办理，社区等组织不能主办，只能协办。"),
            said(rules["clauses"][rule["refusal"]]),
            _("请派给主管部门或镇政府主办，社区可以列为协办；主管部门不明的，由首接单位负责联系。"),
        )
    return no(
        _("这件事不由这类组织决定，不能由它主办。"),
        said(clause_of(decider)),
        _("请先确认“该由谁决定”，再派给有权办理的单位；其他单位可以协办。"),
    )
