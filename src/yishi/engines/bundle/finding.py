"""How a check is said: problems gathered, then one sentence in both languages."""

from dataclasses import dataclass, field

from yishi.engines.bundle.model import BundleError, Check
from yishi.engines.words import Text, joined, say

SHOWN = 20
LONGEST = 200


@dataclass(slots=True)
class Finding:
    """What one check found: problems with their places."""

    code: str
    subject: str
    clause: Text | None = None
    problems: list[Text] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def add(self, where: str, zh: str, en: str) -> None:
        """Note a problem; after the first twenty only its place."""
        if len(self.problems) < SHOWN:
            self.problems.append(say(zh, en))
        if len(self.places) < 10 * SHOWN and where not in self.places:
            self.places.append(where)

    def differ(self, where: str, what: Text, found: object, stated: object) -> None:
        """Note two values that should be one; nothing when they are."""
        if found != stated:
            self.add(
                where,
                f"{what['zh']}：重新计算为 {_short(found)}，载明 {_short(stated)}",
                f"{what['en']}: recomputed {_short(found)}, stated {_short(stated)}",
            )

    def broken(self, error: BundleError) -> None:
        """Note what could not be read."""
        self.add(error.where, error.text["zh"], error.text["en"])

    def check(self, good: Text) -> Check:
        """The check: `good` is said when nothing was found."""
        if not self.problems:
            return Check(self.code, self.subject, True, good, self.clause)
        return Check(self.code, self.subject, False, joined(self.problems), self.clause, tuple(self.places))


def withheld(code: str, subject: str, what: Text, sake: Text, clause: Text | None = None) -> Check:
    """A check that this edition cannot carry out: what is withheld, for whose sake, who can recompute it."""
    text = say(
        f"未公开：{what['zh']}；{sake['zh']}。名册上的人和召集、监督的人可用完整版重算",
        f"withheld: {what['en']}, {sake['en']}; those on the roll and those who convene or supervise recompute it"
        " with the full edition",
    )
    return Check(code, subject, True, text, clause, withheld=True)


def _short(value: object) -> str:
    """A value as text of bounded length, however it is nested."""
    try:
        text = str(value)
    except RecursionError:
        return "…"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
