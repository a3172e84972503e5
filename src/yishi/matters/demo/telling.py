"""Filling the blanks: what people say, in the voice of the channel they say it through."""

import random
import re
from copy import copy
from typing import Any

from yishi.matters.demo.reading import Story, words
from yishi.matters.demo.sheet import Place
from yishi.network.models import Area, Organisation

_FAMILY = [
    "陈",
    "黄",
    "李",
    "梁",
    "何",
    "林",
    "张",
    "吴",
    "罗",
    "谢",
    "邓",
    "周",
    "冯",
    "曾",
    "潘",
    "杜",
    "关",
    "麦",
    "区",
    "冼",
    "苏",
    "卢",
    "叶",
    "郑",
    "钟",
]
_CALLED = ("先生", "女士", "女士", "先生", "阿姨", "伯")


class Telling:
    """One happening: its place and the blanks that stay the same throughout."""

    def __init__(
        self, chance: random.Random, story: Story, place: Place, estate: Area | None, cooperative: Organisation | None
    ) -> None:
        w = words()
        self.chance, self.story, self.place = chance, story, place
        self.variant = chance.randrange(len(story.titles))
        self.short = False
        everything = "".join(story.titles + story.texts + story.replies)
        spots = [s for s in w["spots"] if s not in everything and s[-3:] not in everything]
        digit = chance.randrange(len(w["number"]))
        self.blanks: dict[str, Any] = {
            "community": place.name, "estate": estate.name if estate else "", "coop": cooperative.name if cooperative else "",
            "lane": chance.choice(w["lanes"]), "spot": chance.choice(spots), "building": chance.choice(w["buildings"]),
            "since": chance.choice(w["since"]), "long": chance.choice(w["long"]), "hour": chance.choice(w["hour"]),
            "elder": chance.choice(w["elder"]), "day": chance.choice(w["day"]), "n": w["number"][digit], "d": digit + 1,
            "m": chance.choice(w["many"]),
        }  # fmt: skip

    def again(self) -> "Telling":
        """The same happening in the words of somebody else."""
        other = copy(self)
        other.short = True
        return other

    def fill(self, pattern: str) -> str:
        """A pattern with its blanks filled."""
        return re.sub(r"(?<=[一二两三四五六七八九十]) (?=[\u4e00-\u9fff])", "", pattern.format_map(self.blanks))

    def one(self, patterns: tuple[str, ...] | list[str]) -> str:
        """One of several wordings, filled."""
        return self.fill(self.chance.choice(patterns))

    def said(self, key: str) -> str:
        """One of the common phrases of a course."""
        return self.one(words()["course"][key])

    def title(self) -> str:
        """A short title; the community is named where the wording does not."""
        found = self.fill(self.story.titles[self.variant])
        named = any(n and n in found for n in (self.place.name, self.blanks["estate"], self.blanks["coop"]))
        return found if named or self.chance.random() < 0.55 else f"{self.place.name}{found}"

    def text(self, channel: str) -> str:
        """What was said, in the channel's voice."""
        w = words()
        opening = self.one(w["opening"].get(channel, [""]))
        closing = self.one(w["closing"].get(channel, [""]))
        body = self.fill(self.story.texts[self.variant])
        if self.short:
            body = f"{body.split('。')[0]}。{self.said('joined')}"
        return re.sub(r"，([。，])", r"\1", f"{opening}{body}{closing}")

    def reply(self) -> str:
        """The answer to this wording."""
        return self.fill(self.story.replies[self.story.fits(self.variant)])

    def result(self) -> str:
        """What was done about it."""
        return self.fill(self.story.result_for(self.variant))

    def note(self) -> str:
        """A step of the handling that goes with this wording."""
        return self.one(self.story.notes) if self.is_usual else self.said("looked")

    @property
    def is_usual(self) -> bool:
        """Whether this wording is the one that the story's notes and commitments speak of."""
        return self.story.fits(self.variant) == 0

    @property
    def where(self) -> str:
        """The address as people give it."""
        b = self.blanks
        if b["estate"]:
            return f"{b['estate']} {b['building']}"
        if b["coop"]:
            return f"{b['coop']}{b['spot']}"
        return f"{self.place.name}{b['lane']}{b['spot'] if self.chance.random() < 0.6 else ''}"


def called(chance: random.Random) -> str:
    """How a caller is called: 陈女士."""
    return chance.choice(_FAMILY) + chance.choice(_CALLED)
