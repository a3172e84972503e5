"""Names as people write and hear them: surnames, initials, public forms."""

from yishi.core import terms

DOUBLE_SURNAMES = frozenset(
    {
        "欧阳", "司徒", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯", "长孙", "宇文",
        "端木", "百里", "东郭", "南宫", "西门", "独孤",
    }
)  # fmt: skip
# surnames whose reading differs from the character's usual one
SURNAME_READINGS = {
    "区": "Ou",
    "冼": "Xian",
    "单": "Shan",
    "解": "Xie",
    "仇": "Qiu",
    "曾": "Zeng",
    "查": "Zha",
    "任": "Ren",
}


def surname_of(name: str) -> str:
    """The surname of a Chinese name; the first word of any other."""
    name = name.strip()
    if not name or name[0].isascii():
        return name.split()[0] if name else ""
    return name[:2] if name[:2] in DOUBLE_SURNAMES else name[0]


def initials(name: str) -> str:
    """The first letters of a name's syllables, by which it is found: 何秀英 → ``hxy``."""
    if name.isascii():
        return "".join(word[0] for word in name.lower().split() if word[0].isalnum())[:20]
    letters = terms.initials_of(name)
    surname = surname_of(name)
    if reading := SURNAME_READINGS.get(surname):
        letters = reading[0].lower() + letters[1:]
    return letters[:20]


def public_name(name: str, id_last4: str, *, english: bool) -> str:
    """The masked form of a name: 张先生 / Mr Zhang.

    Whether 先生 or 女士 follows from the third of the last four digits of an
    18-digit identity number (GB 11643: odd for men); without one it is 街坊.
    """
    surname = surname_of(name)
    digit = id_last4[2:3]
    man = None if not digit.isdigit() else int(digit) % 2 == 1
    if not english:
        return surname + ("街坊" if man is None else "先生" if man else "女士")
    reading = SURNAME_READINGS.get(surname) or terms.reading_of(surname).capitalize()
    return f"{'Neighbour' if man is None else 'Mr' if man else 'Ms'} {reading}"
