"""Answers as lines to read in a terminal, in one language."""

from typing import Any

LONGEST_LIST = 50


def _say(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def coverage_words(answer: dict[str, Any], language: str) -> str:
    """The sentence, places with people left out, venues, and those who are not covered."""
    lines = [answer["sentence"][language]]
    for place in answer["places"]:
        name = place["place"] or _say(language, "（没有写社区）", "(no place given)")
        lines.append(_say(language, f"  {name}：{place['people']} 人中 {place['covered']} 人可到（{place['percent']} %）", f"  {name}: {place['covered']} of {place['people']} ({place['percent']} %)"))  # fmt: skip
    for venue in answer["venues"]:
        if venue["reason"]:
            lines.append(_say(language, f"  不计“{venue['name']}”：{venue['reason']['zh']}", f"  not counted, “{venue['name']}”: {venue['reason']['en']}"))  # fmt: skip
    if answer["uncovered"]:
        lines.append(_say(language, "不能按时走到的：", "Not within reach:"))
    lines += _listed(answer["uncovered"], language, lambda p: p["reason"][language])
    return _ended(lines, answer, language)


def siting_words(answer: dict[str, Any], language: str) -> str:
    """The sentence and the places in order."""
    lines = [answer["sentence"][language]]
    for n, place in enumerate(answer["chosen"], 1):
        at = f"{place['lon']}, {place['lat']}" if "lon" in place else f"{place['x']}, {place['y']}"
        lines.append(_say(language, f"  {n}. {place['name']}（{at}）：多 {place['adds']} 人，共 {place['percent']} %", f"  {n}. {place['name']} ({at}): {place['adds']} more people, {place['percent']} % in all"))  # fmt: skip
    return _ended(lines, answer, language)


def change_words(answer: dict[str, Any], language: str) -> str:
    """The sentence, then who wins and who loses."""
    lines = [answer["sentence"][language]]
    for group, zh, en in (("won", "变为可到：", "Now covered:"), ("lost", "变为不可到：", "No longer covered:")):
        if answer[group]:
            lines.append(_say(language, zh, en))
        lines += _listed(answer[group], language, lambda p: f"{_way(p['before_m'])} → {_way(p['after_m'])}")
    return _ended(lines, answer, language)


def _way(distance: float | None) -> str:
    return "—" if distance is None else f"{distance:.1f} m"


def _listed(people: list[dict[str, Any]], language: str, told: Any) -> list[str]:
    lines = []
    for person in people[:LONGEST_LIST]:
        where = " ".join(w for w in (person.get("place"), person.get("building")) if w)
        many = _say(language, f" {person['people']} 人", f" {person['people']} people") if person["people"] != 1 else ""
        lines.append(
            f"  {person['name']}{f'（{where}）' if where else ''}{many}{_say(language, '：', ': ')}{told(person)}"
        )
    if len(people) > LONGEST_LIST:
        rest = len(people) - LONGEST_LIST
        lines.append(_say(language, f"  ……还有 {rest} 行，用 --json 看全部", f"  … {rest} more rows; --json lists all"))
    return lines


def _ended(lines: list[str], answer: dict[str, Any], language: str) -> str:
    lines += [note[language] for note in answer["notes"]]
    return "\n".join(lines) + "\n"
