"""Reading of rule packs from TOML, strictly: an unknown key or a float is an error."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, cast

from yishi.engines.calendar import Unit
from yishi.engines.procedure.model import Law, Pack, PackError, Period, Rule
from yishi.engines.tally.lines import ABSOLUTE, Condition, Op, Quantity
from yishi.engines.words import Text, articles_text, say

_UNITS: dict[str, Unit] = {
    "days": "day",
    "working_days": "working_day",
    "months": "month",
    "years": "year",
}
_TEXT_KEYS = {"id", "family", "kind", "yields_to", "overlays"}
_KEYS = _TEXT_KEYS | {
    *("title", "law", "articles", "status", "effective_from", "effective_to", "rules"),
    *("waits", "clocks", "same", "facts", "notes"),
}


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises `PackError` naming the file, and the line where known."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{where}: not valid TOML: {error}", f"{where}：不是有效的 TOML：{error}") from None
    except ValueError:
        raise PackError(f"{where}: a number has too many digits", f"{where}：有数字的位数过多") from None
    except RecursionError:
        raise PackError(f"{where}: nested too deeply", f"{where}：嵌套过深") from None


def read_laws(table: Mapping[str, Any], where: str = "laws") -> dict[str, Law]:
    """The laws that packs may cite, by id."""
    laws = {}
    for key, value in table.items():
        row = _table(value, f"{where}: {key}")
        _only(row, {"zh", "en", "from", "to", "verified"}, f"{where}: {key}")
        start, end = _date(row.get("from"), where), _date(row.get("to"), where)
        laws[key] = Law(key, _text(row, f"{where}: {key}"), start, end, row.get("verified") is True)
    return laws


def read_quantities(table: Mapping[str, Any], where: str = "quantities") -> dict[str, Quantity]:
    """The numbers that rules may speak of, by id."""
    out = {}
    for key, value in table.items():
        row = _table(value, f"{where}: {key}")
        _only(row, {"zh", "en", "measure", "within"}, f"{where}: {key}")
        names, measure = _text(row, f"{where}: {key}"), row.get("measure", "heads")
        if measure not in ("heads", "area"):
            raise PackError(f"{where}: {key}: measure must be heads or area")
        out[key] = Quantity(key, names["zh"], names["en"], measure, str(row.get("within", "")))
    return out


def read_packs(
    table: Mapping[str, Any],
    laws: Mapping[str, Law],
    quantities: Mapping[str, Quantity],
    where: str,
) -> list[Pack]:
    """The packs of one TOML file (`[[pack]]` tables). Raises `PackError`."""
    _only(table, {"pack"}, where)
    rows = table.get("pack", [])
    if not isinstance(rows, list):
        raise PackError(f"{where}: write packs as [[pack]]")
    return [_pack(_table(row, where), laws, quantities, where) for row in rows]


def _pack(
    row: dict[str, Any],
    laws: Mapping[str, Law],
    quantities: Mapping[str, Quantity],
    where: str,
) -> Pack:
    where = f"{where}: pack {row.get('id', '?')}"
    _only(row, _KEYS, where)
    words = {key: _word(row.get(key, ""), f"{where}: {key}") for key in _TEXT_KEYS}
    status, law = row.get("status"), laws.get(_word(row.get("law"), f"{where}: law"))
    if not words["id"] or law is None or status not in ("verified", "unverified"):
        raise PackError(f"{where}: needs an id, a known law and a status verified or unverified")
    articles = _articles(row.get("articles", []), where)

    def clause(part: Mapping[str, Any]) -> Text:
        return articles_text(law.name, _articles(part.get("articles", list(articles)), where))

    return Pack(
        id=words["id"],
        family=words["family"] or words["id"],
        kind=words["kind"],
        title=_text(_table(row.get("title"), where), where),
        law=law,
        articles=articles,
        status=cast(Literal["verified", "unverified"], status),
        effective_from=_date(row.get("effective_from"), where) or law.start,
        effective_to=_date(row.get("effective_to"), where) or law.end,
        rules={
            key: _rule(key, _table(part, where), clause, quantities, f"{where}: rules.{key}")
            for key, part in _table(row.get("rules", {}), where).items()
        },
        waits=_periods(row.get("waits", {}), clause, f"{where}: waits"),
        clocks=_periods(row.get("clocks", {}), clause, f"{where}: clocks"),
        same={k: _word(v, where) for k, v in _table(row.get("same", {}), where).items()},
        facts=_table(row.get("facts", {}), where),
        notes=tuple(_text(_table(n, where), where) for n in _list(row.get("notes", []), where)),
        yields_to=words["yields_to"],
        overlays=words["overlays"],
    )


def _rule(
    key: str,
    part: dict[str, Any],
    clause: Any,
    quantities: Mapping[str, Quantity],
    where: str,
) -> Rule:
    _only(part, {"all", "any", "modes", "articles"}, where)
    given = [name for name in ("all", "any", "modes") if name in part]
    if len(given) != 1:
        raise PackError(f"{where}: give exactly one of all, any, modes")
    if given == ["modes"]:
        table = _table(part["modes"], where)
        modes = {name: _conditions(rows, quantities, where) for name, rows in table.items()}
    else:
        modes = {"": _conditions(part[given[0]], quantities, where)}
    if not modes:
        raise PackError(f"{where}: no mode given")
    combine: Literal["all", "any"] = "any" if given == ["any"] else "all"
    return Rule(key, combine, modes, clause(part))


def _conditions(rows: Any, quantities: Mapping[str, Quantity], where: str) -> tuple[Condition, ...]:
    out = tuple(_condition(row, quantities, where) for row in _list(rows, where))
    if not out:
        raise PackError(f"{where}: no comparison given")
    return out


def _condition(row: Any, quantities: Mapping[str, Quantity], where: str) -> Condition:
    if not isinstance(row, list) or len(row) != 4 or not all(isinstance(x, str) for x in row):
        raise PackError(f'{where}: write a comparison as ["yes", "ge", "2/3", "present"]')
    have, op, fraction, base = row
    if have not in quantities or (base not in quantities and base != ABSOLUTE):
        raise PackError(f"{where}: unknown quantity in {row}")
    if op not in ("ge", "gt"):
        raise PackError(f"{where}: {op!r} must be ge (at least) or gt (more than)")
    return Condition(have, cast(Op, op), exact_fraction(fraction, where), base)


def exact_fraction(text: str, where: str) -> Fraction:
    """`2/3` or `20` as an exact, positive fraction; decimals are refused (`PackError`)."""
    top, slash, bottom = text.partition("/")
    digits = [part for part in (top, bottom) if part or slash]
    if not all(d.isascii() and d.isdigit() and len(d) <= 9 for d in digits) or not digits:
        raise PackError(
            f"{where}: write {text!r} as a fraction such as 2/3", f"{where}：{text!r} 请写成 2/3 这样的分数"
        )
    if int(top) == 0 or (slash and int(bottom) == 0):
        raise PackError(f"{where}: {text!r} is zero or divides by zero", f"{where}：{text!r} 为零或除以零")
    return Fraction(int(top), int(bottom) if slash else 1)


def _periods(rows: Any, clause: Any, where: str) -> dict[str, Period]:
    out = {}
    for key, value in _table(rows, where).items():
        part = _table(value, where)
        _only(part, {*_UNITS, "articles", "right"}, f"{where}.{key}")
        units = [unit for unit in _UNITS if unit in part]
        amount = part[units[0]] if len(units) == 1 else None
        if type(amount) is not int or not 0 < amount < 100_000:
            raise PackError(f"{where}.{key}: give one of {', '.join(_UNITS)} as a whole number")
        out[key] = Period(key, amount, _UNITS[units[0]], clause(part), part.get("right") is True)
    return out


def _text(row: Mapping[str, Any], where: str) -> Text:
    zh, en = row.get("zh"), row.get("en")
    if not (isinstance(zh, str) and isinstance(en, str) and zh and en):
        raise PackError(f"{where}: needs zh and en")
    return say(zh, en)


def _articles(rows: Any, where: str) -> tuple[str, ...]:
    return tuple(_word(row, f"{where}: articles") for row in _list(rows, where))


def _word(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise PackError(f"{where}: must be text")
    return value


def _date(value: Any, where: str) -> date | None:
    if value is not None and type(value) is not date:
        raise PackError(f"{where}: {value!r} must be a date such as 2026-01-01")
    return value


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PackError(f"{where}: must be a table")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise PackError(f"{where}: must be a list")
    return value


def _only(row: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    unknown = sorted(set(row) - set(allowed))
    if unknown:
        raise PackError(f"{where}: unknown key {', '.join(unknown)}")
