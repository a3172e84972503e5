"""`yishi opinion`: the map of views of a conversation, as JSON, words, picture or Polis export."""

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yishi.commands.console import err, is_chinese, progress, say, spoken_errors

if TYPE_CHECKING:
    from yishi.engines.opinion.mapping import MapResult, Settings
    from yishi.engines.opinion.reader import Conversation

app = typer.Typer(
    no_args_is_help=True,
    help="意见分析：看法图、分组、共识 · the map of views: groups, what divides, what unites.",
)


class Method(StrEnum):
    yishi = "yishi"
    polis = "polis"


class Language(StrEnum):
    zh = "zh"
    en = "en"


Votes = Annotated[Path, typer.Argument(help="votes.csv, participants-votes.csv (.gz too), or the folder of an export")]
MethodOption = Annotated[
    Method, typer.Option(help="yishi: order of arrival does not matter; polis: as the Polis server")
]
Groups = Annotated[str, typer.Option(help="auto, or a number from 1 to 5")]
Seed = Annotated[int, typer.Option(help="same votes, same seed: same bytes", min=0)]
Halvings = Annotated[
    int,
    typer.Option(
        help="the most random halvings that test the split, fewer where it is clear; 0: not tested", min=0, max=1_000
    ),
]
Comments = Annotated[Path | None, typer.Option(help="comments.csv with the words and the moderators' marks")]
Strict = Annotated[bool, typer.Option("--strict", help="leave out statements not yet accepted by moderators")]
Speak = Annotated[Language | None, typer.Option(help="language of words and picture")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]

MOST_HALVINGS = 200
FONTS = (
    "/usr/share/fonts/**/NotoSansCJK-Regular.*",
    "/usr/share/fonts/**/SourceHanSans*.*",
    "/usr/share/fonts/**/wqy-*.tt*",
    "/System/Library/Fonts/PingFang.ttc",
    "/Library/Fonts/**/NotoSansCJK*.*",
    "C:/Windows/Fonts/msyh.ttc",
)


@app.command("map")
def map_(
    votes: Votes,
    as_json: AsJson = False,
    method: MethodOption = Method.yishi,
    groups: Groups = "auto",
    seed: Seed = 0,
    halvings: Halvings = MOST_HALVINGS,
    comments: Comments = None,
    strict: Strict = False,
    lang: Speak = None,
) -> None:
    """Groups, places, representative, shared and next statements of a conversation."""
    with spoken_errors(as_json):
        _, result = _mapped(votes, comments, strict, _settings(method, groups, seed, halvings))
        if as_json:
            from yishi.engines.opinion.view import as_data

            typer.echo(json.dumps(as_data(result), ensure_ascii=False, indent=1))
        else:
            from yishi.engines.opinion.sentences import text_twin

            typer.echo(text_twin(result, _language(lang)), nl=False)


@app.command()
def plot(
    votes: Votes,
    out: Annotated[Path, typer.Option(help="picture to write: .svg or .png; its words go beside it as .txt")],
    method: MethodOption = Method.yishi,
    groups: Groups = "auto",
    seed: Seed = 0,
    halvings: Halvings = MOST_HALVINGS,
    comments: Comments = None,
    strict: Strict = False,
    lang: Speak = None,
    title: Annotated[str, typer.Option(help="heading; else the topic in summary.csv")] = "",
    you: Annotated[str, typer.Option(help="the participant to mark")] = "",
    font: Annotated[Path | None, typer.Option(help="font file with Chinese characters, for .png")] = None,
) -> None:
    """Draw the map: groups as soft areas, people as dots, with a legend and the same in words."""
    with spoken_errors():
        if out.suffix.lower() not in {".svg", ".png"}:
            raise ValueError(f"{out.name}：只能存为 .svg 或 .png · {out.name}: only .svg or .png can be written")
        from yishi.engines.opinion.drawing import png, svg
        from yishi.engines.opinion.scene import scene_of

        conversation, result = _mapped(votes, comments, strict, _settings(method, groups, seed, halvings))
        heading = title or conversation.summary.get("topic", "")
        scene = scene_of(result, language=_language(lang), title=heading, you=_named(result, you))
        if out.suffix.lower() == ".svg":
            out.write_text(svg(scene), encoding="utf-8")
        else:
            out.write_bytes(png(scene, font or _system_font()))
        twin = out.with_suffix(".txt")
        twin.write_text(scene.twin, encoding="utf-8")
        typer.echo(say(f"已写 {out} 和文字版 {twin}", f"Wrote {out} and its words in {twin}"))


@app.command()
def export(
    votes: Votes,
    out: Annotated[Path, typer.Option(help="folder to write; must be empty or new")],
    method: MethodOption = Method.yishi,
    groups: Groups = "auto",
    seed: Seed = 0,
    halvings: Halvings = MOST_HALVINGS,
    comments: Comments = None,
    strict: Strict = False,
) -> None:
    """Write the conversation as a whole Polis export, with the groups found."""
    with spoken_errors():
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise ValueError(f"{out}：请给一个新的或空的文件夹 · {out}: name a new or empty folder")
        from yishi.engines.opinion.export import polis_export

        conversation, result = _mapped(votes, comments, strict, _settings(method, groups, seed, halvings))
        out.mkdir(parents=True, exist_ok=True)
        for name, lines in polis_export(conversation, result):
            with (out / name).open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
        typer.echo(say(f"已写入 {out}", f"Wrote {out}"))


def _settings(method: Method, groups: str, seed: int, halvings: int) -> "Settings":
    from yishi.engines.opinion.grouping import MOST_GROUPS
    from yishi.engines.opinion.mapping import Settings

    if groups != "auto" and not (groups.isascii() and groups.isdigit() and 1 <= int(groups) <= MOST_GROUPS):
        raise ValueError(
            f"--groups {groups}：应为 auto 或 1 到 {MOST_GROUPS} · --groups {groups}: auto or a number from 1 to {MOST_GROUPS}"
        )
    number = None if groups == "auto" else int(groups)
    return Settings(method=method.value, groups=number, seed=seed, divisions=halvings)


def _mapped(votes: Path, comments: Path | None, strict: bool, settings: "Settings") -> "tuple[Conversation, MapResult]":
    """Read and map, with progress."""
    from dataclasses import replace

    from yishi.engines.opinion.mapping import map_votes
    from yishi.engines.opinion.reader import read_conversation, read_statements, with_statements

    with progress("读取表态", "Reading votes", None) as advance:
        conversation = read_conversation(votes, _in_steps(advance))
    if comments is not None:
        conversation = with_statements(conversation, read_statements(comments))
    settings = replace(settings, removed=conversation.removed(strict=strict), meta=conversation.meta())
    with progress("计算看法图", "Mapping views", 4 + settings.divisions) as advance:
        result = map_votes(conversation.matrix(), settings, lambda step: advance(1))
    return conversation, result.with_texts({name: s.text for name, s in conversation.statements.items()})


def _in_steps(advance: Callable[[int], None]) -> Callable[[int, int], None]:
    seen = 0

    def tell(done: int, total: int) -> None:
        nonlocal seen
        advance(done - seen)
        seen = done

    return tell


def _language(lang: Language | None) -> str:
    return lang.value if lang else "zh" if is_chinese() else "en"


def _named(result: "MapResult", you: str) -> Any:
    """The participant as written in the data."""
    if not you:
        return None
    found = next((name for name in result.participants.tolist() if str(name) == you), None)
    if found is None:
        err.print(say(f"没有参与者 {you}，图上不标", f"No participant {you}: not marked"), markup=False)
    return found


def _system_font() -> Path | None:
    """A font with Chinese characters that this machine has."""
    for pattern in FONTS:
        root = Path(Path(pattern).anchor)
        found = sorted(root.glob(str(Path(pattern).relative_to(root)))) if root.exists() else []
        if found:
            return found[0]
    return None
