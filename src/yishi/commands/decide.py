"""`yishi decide`: replay a decision's events and say what they amount to."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from yishi.commands import console
from yishi.commands.console import plain_errors, ready
from yishi.commands.law import Json, fail, print_json
from yishi.engines.procedure import PackError, UnknownPack
from yishi.engines.procedure.events import EventError, read_history
from yishi.engines.procedure.history import replay as replay_events
from yishi.engines.procedure.reading import parse_toml
from yishi.engines.procedure.reports import report
from yishi.engines.procedure.steps import procedures

app = typer.Typer(help="决策：重演事件，核对步骤和结果 · replay the events of a decision.")
LIMIT = 64 * 1024 * 1024


@app.callback()
def main() -> None:
    """Decisions, replayed from their dated events."""


@app.command()
def replay(
    events: Annotated[Path, typer.Argument(help="TOML or JSON with \\[decision] and \\[\\[events]]")],
    as_json: Json = False,
) -> None:
    """State, what may come next, and what is refused and why. Refused events are answers (code
    0); a file that cannot be read is an error (code 2)."""
    try:
        decision, history = read_history(_table(events))
        case, refusals = replay_events(decision, history)
    except OSError as error:
        zh, en = f"读不了文件 {events}，请检查路径", f"cannot read {events}: {error.strerror or error}"
        raise fail(en, {"zh": zh, "en": en}, as_json) from None
    except (EventError, PackError) as error:
        told = {"zh": f"{events}：{error.zh}", "en": f"{events}: {error.en}"}
        raise fail(error.en, told, as_json) from None
    except UnknownPack as error:
        told = {"zh": f"{events}：没有这个程序；可用：{'、'.join(procedures())}", "en": f"{events}: {error.args[0]}"}
        raise fail(told["en"], told, as_json) from None
    answer = report(case, refusals)
    if as_json:
        print_json(answer)
    else:
        _print(answer)


def _table(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LIMIT:
        raise EventError("larger than 64 MB", "超过 64 MB")
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = json.loads(text, object_pairs_hook=_once) if path.suffix == ".json" else parse_toml(text, "events")
    except EventError:
        raise
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise EventError(f"not readable: {error}", f"无法读取：{error}") from None
    except PackError:
        raise
    except ValueError:
        raise EventError("a number has too many digits", "有数字的位数过多") from None
    if not isinstance(table, dict):
        raise EventError("give [decision] and [[events]]", "须有 [decision] 和 [[events]]")
    return table


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise EventError(f"{twice!r} stands twice", f"{twice!r} 写了两次")
    return found


def _print(answer: dict[str, Any]) -> None:
    for language in ("zh", "en"):
        typer.echo(f"{answer['title'][language]}: {answer['status_text'][language]}")
        for step in answer["steps"]:
            clause = f"  {step['clause'][language]}" if step["clause"] else ""
            mark = {"done": "✓", "current": "→", "skipped": "-"}.get(step["state"], " ")
            typer.echo(f" {mark} {step['title'][language]}  {step['on'] or ''}{clause}")
        for result in answer["results"]:
            typer.echo(f"   {result['step']}: {result['text'][language]}")
            for verdict in result["verdicts"]:
                typer.echo(f"     {verdict['text'][language]}")
        for one in answer["allowed"]:
            since = f" ≥ {one['not_before']}" if one["not_before"] else ""
            typer.echo(f"   + {one['event']}: {one['text'][language]}{since}")
        for one in answer["refusals"]:
            typer.echo(f"   × {one['number']} {one['event']}: {one['text'][language]}")
        for one in answer["warnings"]:
            typer.echo(f"   ! {one['text'][language]}")


@app.command()
def export(
    reference: Annotated[str, typer.Argument(help="编号，如 260302-K7QM4 · the decision's number")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个 .zip · the archive to write")],
    public: Annotated[
        bool, typer.Option("--public", help="公开版：看不出谁投了什么 · the public edition: nobody's ballot is shown")
    ] = False,
) -> None:
    """导出决策包，供任何人用 yishi verify 重算。 Export a decision's bundle for anyone to recompute.

    yishi decide export 260302-K7QM4 --out decision.zip
    yishi decide export 260302-K7QM4 --public --out public.zip
    """
    with plain_errors():
        ready()
        from yishi.core import clock
        from yishi.core.verdicts import Refusal
        from yishi.decisions.services.anchoring import export_bundle, find_decision

        try:
            decision = find_decision(reference)
            data = export_bundle(decision, clock.now(), public=public)
        except Refusal as refusal:
            said = str(refusal.verdict.reason) or f"没有编号 {reference} · there is no {reference}"
            raise console.fail(said, said) from None
        out.write_bytes(data)
    console.tell(
        f"已导出到 {out}，{len(data)} 字节。核对：yishi verify {out}",
        f"Exported to {out}, {len(data)} bytes. To check it: yishi verify {out}",
    )
