"""`yishi law`: rule packs, verdicts, deadlines and the floor test, as text or JSON."""

import json
from datetime import date
from typing import Annotated, Any

import typer

from yishi.engines.calendar import CalendarUnpublished, Deadline, Unit, deadline
from yishi.engines.procedure import Flag, Pack, PackError, Period, UnknownPack, all_packs, find_clauses, load_pack
from yishi.engines.procedure.checks import OUTCOMES, read_value
from yishi.engines.procedure.checks import check as check_numbers
from yishi.engines.procedure.events import FIRST_YEAR, LAST_YEAR
from yishi.engines.procedure.floors import BelowFloor, floor, read_local, with_local
from yishi.engines.tally.lines import Condition
from yishi.engines.words import Spoken, Text

app = typer.Typer(help="法规包：查询、核算、期限和底线检验 · rule packs, verdicts, deadlines, floors.")
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
_LONGEST = 1_000_000
PackId = Annotated[str, typer.Argument(help="pack id, such as REO-MA; see `yishi law packs`")]


def fail(message: str, text: Text | Spoken | None = None, as_json: bool = False) -> typer.Exit:
    """Say what is wrong in plain words and leave with code 2."""
    if isinstance(text, Spoken):
        text = {"zh": text.zh, "en": text.en}
    told = text or {"zh": f"输入有误：{message}", "en": message}
    if as_json:
        print_json({"error": told})
    else:
        typer.echo("\n".join(told.values()), err=True)
    return typer.Exit(2)


def print_json(value: Any) -> None:
    """Indented JSON on standard output, Chinese characters as they are."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def read_date(text: str, as_json: bool = False) -> date:
    """A date such as 2026-09-28; anything else is an error in plain words."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        zh, en = f"{text!r} 不是日期，请写成 2026-09-28", f"{text!r} is not a date; write it as 2026-09-28"
        raise fail(en, {"zh": zh, "en": en}, as_json)
    return day


def _day_given(text: str | None, as_json: bool) -> date | None:
    return None if text is None else read_date(text, as_json)


@app.command()
def packs(
    on: Annotated[str | None, typer.Option(help="only those in force on this date")] = None,
    as_json: Json = False,
) -> None:
    """List the rule packs with law, articles, dates in force and status."""
    day = _day_given(on, as_json)
    found = [pack for pack in all_packs() if day is None or pack.in_force(day)]
    if as_json:
        print_json([_heading(pack) for pack in found])
        return
    for pack in found:
        mark = "" if pack.verified else "  未核定 unverified"
        dates = f"{pack.effective_from or '—'} → {pack.effective_to or ''}"
        typer.echo(f"{pack.id:<16}{pack.title['zh']} · {pack.title['en']}{mark}")
        typer.echo(f"{'':<16}{pack.clause['zh']}  {dates}")


@app.command()
def show(pack: PackId, as_json: Json = False) -> None:
    """Show everything a pack holds: proportions, periods, facts, clauses."""
    whole = _whole(_load(pack, as_json))
    if as_json:
        print_json(whole)
        return
    typer.echo(f"{whole['id']}  {whole['title']['zh']} · {whole['title']['en']}")
    typer.echo(f"{whole['clause']['zh']} · {whole['clause']['en']}  [{whole['status']}]")
    for rule in whole["rules"]:
        for mode, rows in rule["modes"].items():
            shown = f" {rule['combine']} ".join(" ".join(row) for row in rows)
            typer.echo(f"  {rule['id']}{f' ({mode})' if mode else ''}: {shown}")
    for period in [*whole["waits"], *whole["clocks"]]:
        typer.echo(f"  {period['id']}: {period['amount']} {period['unit']}")
    for key, value in whole["facts"].items():
        typer.echo(f"  {key}: {json.dumps(value, ensure_ascii=False)}")
    for note in whole["notes"]:
        typer.echo(f"  {note['zh']} · {note['en']}")


@app.command()
def check(
    pack: PackId,
    values: Annotated[list[str], typer.Argument(metavar="KEY=VALUE…", help="numbers; mode=adults")],
    on: Annotated[str | None, typer.Option(help="the day on which the rule must be in force")] = None,
    local: Annotated[list[str] | None, typer.Option(help="a stricter local line, such as pass=3/4")] = None,
    as_json: Json = False,
) -> None:
    """Quorum and pass verdicts on given numbers, with need, have and clause."""
    day = _day_given(on, as_json)
    numbers, mode = _numbers(values, as_json)
    try:
        chosen = with_local(_load(pack, as_json), [read_local(line) for line in local or []])
    except BelowFloor as error:
        raise fail(str(error), error.answers[0].text, as_json) from None
    except PackError as error:
        raise fail(error.en, error, as_json) from None
    answer = check_numbers(chosen, numbers, day, mode)
    if as_json:
        print_json(answer.as_json())
    else:
        _print_lines([v.text for v in answer.verdicts.values()])
        _print_lines([note.text for note in (*answer.warnings, *answer.refusals)])
        sure = "" if answer.certifiable else "（不予确认 · not certifiable）"
        word = OUTCOMES[answer.outcome]
        typer.echo(f"{word['zh']} · {word['en']}{sure}")
    if answer.refusals:
        raise typer.Exit(1)


@app.command("deadline")
def deadline_(
    start: Annotated[str, typer.Option("--from", help="the day that starts the period")],
    days: Annotated[int | None, typer.Option(help="calendar days")] = None,
    working_days: Annotated[int | None, typer.Option(help="statutory working days")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="whole days, neither end counted")] = False,
    as_json: Json = False,
) -> None:
    """When a period ends, first day not counted, rest days moved on (Civil Code 201–203)."""
    if (days is None) == (working_days is None) or (clear and days is None):
        told = {
            "zh": "请给 --days N 或 --working-days N 之一；--clear 只与 --days 同用",
            "en": "give --days N or --working-days N; --clear goes with --days",
        }
        raise fail(told["en"], told, as_json)
    unit: Unit = "working_day" if days is None else "clear_day" if clear else "day"
    amount = working_days if days is None else days
    first = read_date(start, as_json)
    try:
        answer: Deadline = deadline(first, amount or 0, unit)
    except CalendarUnpublished as error:
        raise fail(str(error), error.text, as_json) from None
    except (ValueError, OverflowError):
        told = {"zh": "期限须为 0 至十万日之间的整数", "en": "a period is a whole number from 0 to 100,000 days"}
        raise fail(told["en"], told, as_json) from None
    if as_json:
        print_json(answer.as_json())
    else:
        _print_lines([answer.arithmetic, answer.clause])


@app.command("floor")
def floor_(
    pack: PackId,
    rules: Annotated[list[str], typer.Argument(metavar="RULE=VALUE…", help="pass=2/3, notice=15")],
    as_json: Json = False,
) -> None:
    """Whether a local rule is at least as strict as the law; refused ones give code 1."""
    known = _load(pack, as_json)
    try:
        answers = [floor(known, read_local(rule)) for rule in rules]
    except PackError as error:
        raise fail(error.en, error, as_json) from None
    accepted = all(answer.accepted for answer in answers)
    if as_json:
        rows = [{"rule": a.rule, "accepted": a.accepted, "text": a.text, "clause": a.clause} for a in answers]
        print_json({"pack": known.id, "accepted": accepted, "status": known.status, "rules": rows})
    else:
        for answer in answers:
            _print_lines([answer.text, answer.clause])
    if not accepted:
        raise typer.Exit(1)


@app.command()
def clauses(
    file: Annotated[typer.FileText, typer.Argument(help="a covenant as plain text, UTF-8; - for standard input")],
    as_json: Json = False,
) -> None:
    """Clauses of a covenant that law does not bear (fines, lost benefits, shaming); code 1 where there are any."""
    try:
        found = find_clauses(file.read(_LONGEST))
    except UnicodeDecodeError:
        told = {
            "zh": "文件不是 UTF-8 文本，请先另存为纯文本",
            "en": "the file is not UTF-8 text; save it as plain text first",
        }
        raise fail(told["en"], told, as_json) from None
    if as_json:
        print_json([_flag(flag) for flag in found])
    else:
        for flag in found:
            typer.echo(f"{flag.kind.title['zh']} · {flag.kind.title['en']}: {flag.sentence}")
            _print_lines([flag.kind.why, flag.kind.instead, flag.kind.clause])
    if found:
        raise typer.Exit(1)


def _flag(flag: Flag) -> dict[str, Any]:
    kind = flag.kind
    return {
        "kind": kind.id, "title": kind.title, "sentence": flag.sentence, "words": flag.words, "start": flag.start,
        "end": flag.end, "why": kind.why, "instead": kind.instead, "clause": kind.clause,
    }  # fmt: skip


def _load(id: str, as_json: bool) -> Pack:
    try:
        return load_pack(id)
    except UnknownPack as error:
        known = ", ".join(pack.id for pack in all_packs())
        told = {"zh": f"没有规则包 {id!r}；现有：{known}", "en": str(error.args[0])}
        raise fail(told["en"], told, as_json) from None


def _numbers(values: list[str], as_json: bool) -> tuple[dict[str, int], str]:
    numbers: dict[str, int] = {}
    mode = ""
    for item in values:
        key, mark, text = item.partition("=")
        if not mark:
            told = {"zh": f"数据请写成 名称=数值，不能写 {item!r}", "en": f"write numbers as KEY=VALUE, not {item!r}"}
            raise fail(told["en"], told, as_json)
        if key in numbers or (key == "mode" and mode):
            raise fail(f"{key} is given twice", {"zh": f"{key} 写了两次", "en": f"{key} is given twice"}, as_json)
        if key == "mode":
            mode = text
            continue
        try:
            numbers[key] = read_value(key, text)
        except PackError as error:
            raise fail(error.en, error, as_json) from None
    return numbers, mode


def _heading(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "family": pack.family,
        "kind": pack.kind,
        "title": pack.title,
        "law": pack.law.name,
        "articles": list(pack.articles),
        "clause": pack.clause,
        "status": pack.status,
        "effective_from": pack.effective_from,
        "effective_to": pack.effective_to,
        "dates_verified": pack.law.verified,
    }


def _whole(pack: Pack) -> dict[str, Any]:
    rules = [
        {
            "id": rule.id,
            "combine": rule.combine,
            "clause": rule.clause,
            "modes": {mode: [_row(c) for c in rows] for mode, rows in rule.modes.items()},
        }
        for rule in pack.rules.values()
    ]
    return {
        **_heading(pack),
        "rules": rules,
        "waits": [_period(p) for p in pack.waits.values()],
        "clocks": [_period(p) for p in pack.clocks.values()],
        "facts": dict(pack.facts),
        "notes": list(pack.notes),
        "yields_to": pack.yields_to or None,
        "overlays": pack.overlays or None,
    }


def _row(condition: Condition) -> list[str]:
    return [condition.have, condition.op, str(condition.fraction), condition.base]


def _period(period: Period) -> dict[str, Any]:
    return {
        "id": period.id,
        "amount": period.amount,
        "unit": period.unit,
        "clause": period.clause,
    }


def _print_lines(texts: list[Text]) -> None:
    for text in texts:
        typer.echo(text["zh"])
        typer.echo(text["en"])
