"""`yishi reach`: who walks to a venue in time, where the next ones should go, what a move changes."""

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from yishi.commands.console import is_chinese, progress, say, spoken_errors

if TYPE_CHECKING:
    from yishi.engines.reach.points import Points
    from yishi.engines.reach.question import Asked, Town
    from yishi.engines.reach.streets import Ints

EXAMPLES = (
    '例 examples：yishi reach 街道.osm.pbf 点位.csv 住户.csv；… --speed 0.8 --at "2026-11-27 10:00" --service 议事；'
    "yishi reach site 街道.graphml 点位.csv 住户.csv --k 5；yishi reach move … --venue 东街驿站 --to 113.54,22.19"
)


class _GraphFirst(TyperGroup):
    """A first word that is no sub-command is the street graph: `yishi reach GRAPH VENUES PEOPLE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["cover", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_GraphFirst,
    no_args_is_help=True,
    add_completion=False,
    help="步行圈：走得到走不到 · walking reach: who gets to a venue in time.",
    epilog=EXAMPLES,
)
Graph = Annotated[Path, typer.Argument(help="街道图 .osm.pbf/.osm(.gz)/.graphml · the street graph")]
Venues = Annotated[Path, typer.Argument(help="点位表 CSV/Excel · venues")]
People = Annotated[Path, typer.Argument(help="住户表 CSV/Excel · people or addresses")]
Minutes = Annotated[str, typer.Option(help="分钟 · minutes of walking")]
Speed = Annotated[str, typer.Option(help="步速 米/秒，老人 0.8 · metres a second")]
Service = Annotated[str, typer.Option(help="只计有这项服务的 · only venues with this service")]
At = Annotated[str, typer.Option(help="2026-11-27 10:00 或 …/11:30 · open at, or all through")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
AsGeoJson = Annotated[bool, typer.Option("--geojson", help="print GeoJSON for a map")]


@app.command(epilog=EXAMPLES)
def cover(
    graph: Graph,
    venues: Venues,
    people: People,
    minutes: Minutes = "10",
    speed: Speed = "1.2",
    service: Service = "",
    at: At = "",
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
    everyone: Annotated[bool, typer.Option("--everyone", help="with --json: list those covered, too")] = False,
) -> None:
    """Who reaches a venue in time and who does not, by person and place. The word `cover` may be left out."""
    with spoken_errors(as_json or as_geojson):
        from yishi.engines.reach.geojson import coverage_features, plane_of
        from yishi.engines.reach.question import counted
        from yishi.engines.reach.view import coverage_data
        from yishi.engines.reach.words import coverage_words

        asked = _asked(minutes, speed, service, at)
        town = _town(graph, venues, people, asked)
        rows, why = counted(town.venues, asked)
        if as_geojson:
            plane_of(town.streets)
        coverage = _coverage(town, rows)
        if as_geojson:
            with progress("画步行圈", "Drawing circles", len(rows)) as tick:
                _print(coverage_features(town, asked, coverage, rows, tick))
            return
        answer = coverage_data(town, asked, coverage, rows, why, everyone)
        _tell(answer, as_json, coverage_words)


@app.command(epilog=EXAMPLES)
def site(
    graph: Graph,
    venues: Venues,
    people: People,
    candidates: Annotated[Path | None, typer.Argument(help="候选点表；不给则用路口 · else crossings")] = None,
    k: Annotated[int, typer.Option("--k", help="再设几处 · how many more", min=1, max=10_000)] = 5,
    gap: Annotated[str, typer.Option(help="与最优的差距 · stop when this near to the best; 0: prove it")] = "0.001",
    minutes: Minutes = "10",
    speed: Speed = "1.2",
    service: Service = "",
    at: At = "",
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
) -> None:
    """Where the next k venues should go, and how far from the best possible that is at most."""
    with spoken_errors(as_json or as_geojson):
        from yishi.engines.reach.geojson import circle_features, collection, plane_of
        from yishi.engines.reach.proposing import propose
        from yishi.engines.reach.question import counted
        from yishi.engines.reach.view import siting_data
        from yishi.engines.reach.words import siting_words

        asked, near = _asked(minutes, speed, service, at), _number(gap, "--gap")
        town = _town(graph, venues, people, asked)
        names, points = _candidates(town, candidates)
        if as_geojson:
            plane_of(town.streets)
        coverage = _coverage(town, counted(town.venues, asked)[0])
        with progress("选址", "Choosing places", None) as tick:
            found = propose(town, coverage, points, k, near, tick)
        if as_geojson:
            chosen = [candidate for candidate, _ in found.useful]
            import numpy as np

            some = points.take(np.array(chosen, np.int64))
            _print(collection(circle_features(town.streets, some, [names[c] for c in chosen], asked)))
            return
        before = int(town.people.weights[coverage.covered].sum())
        _tell(siting_data(town, asked, found, names, points, before, k), as_json, siting_words)


@app.command(epilog=EXAMPLES)
def move(
    graph: Graph,
    venues: Venues,
    people: People,
    venue: Annotated[str, typer.Option(help="移动哪一处 · the venue's name")],
    to: Annotated[str, typer.Option(help="经度,纬度 或 路口编号 · lon,lat or a node")],
    minutes: Minutes = "10",
    speed: Speed = "1.2",
    service: Service = "",
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """What changes when one venue moves: who wins, who loses, who walks less or more."""
    with spoken_errors(as_json):
        from yishi.engines.reach.proposing import destination
        from yishi.engines.reach.question import counted
        from yishi.engines.reach.view import change_data, place_data
        from yishi.engines.reach.words import change_words

        asked = _asked(minutes, speed, service, at)
        town = _town(graph, venues, people, asked)
        rows, why = counted(town.venues, asked)
        if venue not in town.venues.names:
            raise ValueError(f"点位表里没有“{venue[:30]}” · there is no venue “{venue[:30]}” in the table")
        number = town.venues.names.index(venue)
        if number in why:
            raise ValueError(f"“{venue}”不计：{why[number]['zh']} · “{venue}” is not counted: {why[number]['en']}")
        coverage = _coverage(town, rows)
        before = int(town.people.weights[coverage.covered].sum())
        place = destination(town, to)
        change = coverage.move(rows.tolist().index(number), place)
        after = int(town.people.weights[coverage.covered].sum())
        there = place_data(town.streets, place, 0)
        _tell(change_data(town, asked, change, number, there, (before, after)), as_json, change_words)


@app.command()
def template(
    table: Annotated[str, typer.Argument(help="venues 点位 | people 住户")] = "venues",
    out: Annotated[Path | None, typer.Option(help="write .xlsx or .csv there")] = None,
) -> None:
    """Print the table of venues or of people to fill in."""
    with spoken_errors():
        from yishi.engines.reach.template import TABLES, as_csv

        if table not in TABLES:
            raise ValueError(f"样表有 venues、people，没有 {table[:20]} · the tables are venues and people")
        if out is None:
            typer.echo(as_csv(table), nl=False)
            return
        if out.suffix.lower() == ".csv":
            out.write_text(as_csv(table), encoding="utf-8-sig")
        elif out.suffix.lower() == ".xlsx":
            from openpyxl import Workbook

            book = Workbook()
            for row in TABLES[table]:
                book.active.append(row)
            book.save(out)
        else:
            raise ValueError(f"{out.name}：只能写 .xlsx 或 .csv · {out.name}: only .xlsx or .csv can be written")
        typer.echo(say(f"已写入 {out}", f"Wrote {out}"))


def _asked(minutes: str, speed: str, service: str, at: str) -> "Asked":
    from yishi.engines.reach.hours import read_moment
    from yishi.engines.reach.question import Asked

    begin = end = None
    if at:
        try:
            begin, end = read_moment(at)
        except ValueError:
            raise ValueError(
                f"--at {at[:40]}：应写成 2026-11-27 10:00 或 2026-11-27 10:00/11:30（一周以内） · "
                f"--at {at[:40]}: write 2026-11-27 10:00 or 2026-11-27 10:00/11:30 (within a week)"
            ) from None
    return Asked(_number(minutes, "--minutes"), _number(speed, "--speed"), service.strip(), begin, end)


def _number(text: str, name: str) -> Fraction:
    try:
        if len(text) > 20 or "e" in text.lower():
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name} {text[:20]}：应为数字 · {name} {text[:20]}: a number is needed") from None


def _town(graph: Path, venues: Path, people: Path, asked: "Asked") -> "Town":
    from yishi.engines.reach.graph_file import read_streets
    from yishi.engines.reach.question import town
    from yishi.engines.reach.tables import read_people, read_venues

    places = read_venues(venues)
    with progress("读住户", "Reading people", None) as tick:
        who = read_people(people, tick)
    with progress("读街道", "Reading streets", graph.stat().st_size) as tick:
        streets = read_streets(graph, tick)
    with progress("放到街道上", "Putting people on streets", len(who)) as tick:
        return town(streets, places, who, asked, tick)


def _coverage(town: "Town", rows: "Ints") -> Any:
    from yishi.engines.reach.coverage import Coverage

    return Coverage(town.streets, town.venue_points.take(rows), town.people_points, town.limits)


def _candidates(town: "Town", file: Path | None) -> "tuple[list[str], Points]":
    from yishi.engines.reach.proposing import crossings
    from yishi.engines.reach.tables import located, read_venues

    if file is None:
        return crossings(town)
    spots = read_venues(file)
    return spots.names, located(town.streets, town.snapper, spots)


def _print(answer: Any) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))


def _tell(answer: dict[str, Any], as_json: bool, words: Any) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        typer.echo(words(answer, "zh" if is_chinese() else "en"), nl=False)
