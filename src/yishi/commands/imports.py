"""`yishi import`: rolls, messages, hotline tickets; every row accounted for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yishi.commands.console import fail, out, plain_errors, progress, ready, say, tell

if TYPE_CHECKING:
    from yishi.matters.imports.taking import Course

app = typer.Typer(
    help="导入组织名册、留言、热线工单。每一行都有交代；重复导入不会重复。 "
    "Import rolls, messages and tickets. Every row is accounted for; importing twice changes nothing.",
    no_args_is_help=True,
)
FILE = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Excel、CSV 或 CSV.GZ 文件")]
TOWN = Annotated[str, typer.Option(help="镇街（简称或名称），默认唯一的镇街 · the town, by slug or name")]
COMMUNITY = Annotated[str, typer.Option(help="全部归到这个社区 · put all rows in this community")]
MAP = Annotated[list[str] | None, typer.Option("--map", help="列名对应，如 text=投诉描述，可多次 · field=column")]
PUBLIC = Annotated[bool | None, typer.Option("--public/--handlers", help="是否公开（默认看来源）· visible to all")]


def find_town(name: str) -> Any:
    """The town of that slug or name; the installation's own without one."""
    from yishi.network import selectors
    from yishi.network.models import Area

    if not name:
        return selectors.the_town()
    towns = Area.objects.filter(kind=Area.Kind.TOWN)
    found = towns.filter(slug=name).first() or towns.filter(name=name).first()
    if found is None:
        known = "、".join(towns.values_list("name", flat=True)) or say("还没有镇街", "there is none yet")
        raise fail(f"没有镇街“{name}”。现有：{known}", f"No town {name!r}. There are: {known}")
    return found


def _community(town: Any, name: str) -> int | None:
    from yishi.network import selectors

    if not name:
        return None
    found = selectors.communities(town.pk).filter(name__in=[name, f"{name}社区"]).first()
    if found is None:
        raise fail(f"{town.name}没有社区“{name}”。", f"{town.name} has no community {name!r}.")
    return int(found.pk)


def _mapping(pairs: list[str] | None) -> dict[str, str]:
    found = {}
    for pair in pairs or ():
        name, equals, column = pair.partition("=")
        if not equals:
            raise fail(f"--map 写成 字段=列名，而不是 {pair!r}", f"Write --map field=column, not {pair!r}")
        found[name.strip()] = column.strip()
    return found


def _layout(name: str, data: bytes, mapping: dict[str, str], default: str) -> Any:
    from yishi.core import tables
    from yishi.matters.imports import columns

    if name and name != "auto":
        if name not in columns.LAYOUTS:
            known = ", ".join(["auto", *columns.LAYOUTS])
            raise fail(f"没有版式 {name}；有：{known}", f"No layout {name!r}; there are: {known}")
        return columns.LAYOUTS[name]
    if default:
        return columns.LAYOUTS[default]
    return columns.layout_of(tables.read_bytes(data, columns.KNOWN | set(mapping.values())).header)


def _take_in(
    file: Path, town: str, community: str, layout: str, pairs: list[str] | None, public: bool | None, default: str
) -> None:
    ready()
    from yishi.core import clock
    from yishi.matters.imports import services

    place, mapping, data, at = find_town(town), _mapping(pairs), file.read_bytes(), clock.now()
    community_id, chosen = _community(place, community), _layout(layout, data, _mapping(pairs), default)
    batch = services.begin_batch(None, place.pk, file.name, data, chosen, at)
    with progress(f"导入到{place.name}", f"Importing into {place.name_en or place.name}") as tick:
        course = services.run_batch(
            batch, data, at, mapping=mapping, public=public, community_id=community_id, tick=tick
        )
    _account(course, data, file)


def _account(course: "Course", data: bytes, file: Path) -> None:
    """Say what became of every row; refused rows go into a file beside the source or, failing that, here."""
    from yishi.matters.imports.reporting import refused_rows

    b = course.batch
    tell(
        f"共 {b.rows} 行：新增 {b.added}，未变 {b.unchanged}，退回 {b.refused}。",
        f"{b.rows} rows: {b.added} added, {b.unchanged} unchanged, {b.refused} refused.",
    )
    if course.unclocked:
        tell(
            f"其中 {len(course.unclocked)} 行收到的年份没有公布放假安排，已收下但不计时限（如第 {course.unclocked[0]} 行）。",
            f"{len(course.unclocked)} rows were received in a year without a published calendar: kept, without a clock "
            f"(such as row {course.unclocked[0]}).",
        )
    if b.refused:
        place = Path.cwd() / f"{file.name.split('.')[0]}.refused.xlsx"
        place.write_bytes(refused_rows(b, data))
        for refusal in [r for r in b.refusals if not r.get("kept")][:5]:
            out.print(
                say(f"  第 {refusal['row']} 行：{refusal['why']}", f"  row {refusal['row']}: {refusal['why']}"),
                markup=False,
            )
        tell(f"退回的行和要改什么：{place}", f"The refused rows, and what to mend: {place}")


@app.command()
def messages(
    file: FILE,
    town: TOWN = "",
    community: COMMUNITY = "",
    layout: Annotated[str, typer.Option(help="auto、hot、hotline、published、liuyan、paper")] = "auto",
    columns: MAP = None,
    public: PUBLIC = None,
) -> None:
    """导入留言或工单，版式自动识别。 Import messages or tickets; the layout is recognised.

    例 Examples:

    yishi import messages hot_messages.csv.gz

    yishi import messages fuzhou12345_rivers.csv.gz --town dali
    """
    with plain_errors():
        _take_in(file, town, community, layout, columns, public, "")


@app.command()
def hotline(
    file: FILE,
    town: TOWN = "",
    community: COMMUNITY = "",
    columns: MAP = None,
    public: PUBLIC = None,
) -> None:
    """导入本镇 12345 热线工单，列名不同可用 --map 对应。 Import the town's own hotline tickets.

    例 Example: yishi import hotline 工单.xlsx --map text=投诉描述 --map received=派单时间
    """
    with plain_errors():
        _take_in(file, town, community, "", columns, public, "hotline")


@app.command()
def paper(file: FILE, town: TOWN = "", community: COMMUNITY = "") -> None:
    """导入批量录入的纸条（先用网页上的空表）。 Import paper slips keyed into the empty form.

    例 Example: yishi import paper 纸条登记.xlsx --community 大圩
    """
    with plain_errors():
        _take_in(file, town, community, "", None, None, "paper")


@app.command()
def network(file: FILE, town: TOWN = "") -> None:
    """导入组织名册（Excel）。 Import the roll of organisations, posts and terms.

    例 Example: yishi import network 大沥镇组织名册.xlsx
    """
    with plain_errors():
        ready()
        from yishi.commands.network import import_roll

        import_roll(file, town)
