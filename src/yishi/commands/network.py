"""`yishi network`: organisations, posts and terms; and the import of their roll."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from yishi.commands.console import fail, out, plain_errors, progress, ready, say, tell

app = typer.Typer(help="组织与任职。 Organisations, posts and terms.", no_args_is_help=True)


def import_roll(file: Path, town: str) -> None:
    """Take an Excel roll in; rows that were returned go into a file beside where one stands.

    A first roll may bring its own district and town.
    """
    from yishi.core import clock
    from yishi.network import importing

    content, at = file.read_bytes(), clock.now()
    place = _town(town)
    with progress("导入名册", "Importing the roll") as tick:
        outcome = importing.import_workbook(content, file.name, at, town=place, tick=tick)
    if not outcome.sheets:
        raise fail(
            "没有认出任何一张表；请用 yishi network template 的表头。",
            "No sheet was understood; use the headings of `yishi network template`.",
        )
    _account(outcome, file)


def _town(name: str) -> Any:
    from yishi.commands.imports import find_town
    from yishi.network.models import Area

    return find_town(name) if name or Area.objects.filter(kind=Area.Kind.TOWN).exists() else None


def _account(outcome: Any, file: Path) -> None:
    from yishi.network import importing

    table: Any = Table(*(say(*pair) for pair in _HEADS), box=None)
    for sheet in outcome.sheets:
        counts = (sheet.rows, sheet.added, sheet.changed, sheet.unchanged, sheet.refused)
        table.add_row(sheet.title, *(str(n) for n in counts))
    out.print(table)
    if outcome.unknown:
        names = "、".join(outcome.unknown)
        tell(f"没有认出、未导入的表：{names}", f"Sheets that were not understood: {names}")
    if outcome.faults:
        place = Path.cwd() / f"{file.stem}.refused.xlsx"
        place.write_bytes(importing.error_file(outcome.faults))
        for fault in outcome.faults[:5]:
            out.print(f"  {fault.row.sheet} {fault.row.number}: {fault.words}", markup=False)
        tell(f"退回的行和要改什么：{place}", f"The returned rows, and what to mend: {place}")


_HEADS = (
    ("表", "Sheet"),
    ("行", "Rows"),
    ("新增", "Added"),
    ("更改", "Changed"),
    ("不变", "Unchanged"),
    ("退回", "Returned"),
)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="写到哪个文件 · where to write it")],
) -> None:
    """写一个空白模板（Excel）。 Write the empty template.

    例 Example: yishi network template 名册.xlsx
    """
    with plain_errors():
        ready()
        from yishi.network import importing

        if file.exists():
            raise fail(f"{file} 已存在；换一个文件名。", f"{file} exists; choose another name.")
        file.write_bytes(importing.template())
        tell(f"已写到 {file}", f"Written to {file}")


@app.command()
def who(
    words: Annotated[
        str, typer.Argument(help="组织、职务或姓名的一部分 · part of an organisation, title or name")
    ] = "",
    on: Annotated[str, typer.Option(help="哪一天，如 2021-04-10，默认今天 · on which day")] = "",
    town: Annotated[str, typer.Option(help="镇街 · the town, by slug or name")] = "",
) -> None:
    """某一天谁担任什么。 Who held what on a day.

    例 Example: yishi network who 白界西 --on 2023-01-01
    """
    with plain_errors():
        ready()
        from yishi.commands.imports import find_town
        from yishi.core import clock
        from yishi.network import directory

        day = _day(on) or clock.today()
        table: Any = Table(
            say("组织", "Organisation"), say("职务", "Post"), say("姓名", "Name"), say("起止", "Dates"), box=None
        )
        for term in directory.filtered(find_town(town), day, query=words, today=day)[:200]:
            dates = f"{term.since} – {term.until or ''}"
            table.add_row(term.post.organisation.name, term.post.title, term.person.name, dates)
        out.print(table)


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        raise fail(f"日期写成 2021-04-10，而不是 {written!r}", f"Write the day 2021-04-10, not {written!r}") from None


@app.command()
def link(
    name: Annotated[str, typer.Argument(help="任职人姓名 · the office holder's name")],
    organisation: Annotated[str, typer.Argument(help="任职组织 · the organisation's name")],
) -> None:
    """给任职人开账号认领链接（第一批账号由此开始）。 A link by which an office holder claims their account.

    例 Example: yishi network link 何秀英 大沥镇人民政府
    """
    with plain_errors():
        ready()
        from django.conf import settings
        from django.urls import reverse

        from yishi.core import clock
        from yishi.network import selectors
        from yishi.network.models import Term
        from yishi.people import services as people

        day = clock.today()
        found = Term.objects.filter(
            selectors.held_on(day), person__name=name, post__organisation__name=organisation
        ).values_list("person_id", flat=True)
        if len(set(found)) != 1:
            raise fail(
                f"今天在“{organisation}”任职的“{name}”有 {len(set(found))} 位；请核对姓名和组织名称。",
                f"{len(set(found))} people called {name!r} hold a post in {organisation!r} today; check both names.",
            )
        claim = people.make_claim(found[0], clock.now())
        tell("14 天内有效，只能用一次，请当面交给本人：", "Good for 14 days and one use; hand it over in person:")
        out.print(f"{settings.SITE_URL}{reverse('people:claim')}?claim={claim}", markup=False, soft_wrap=True)
