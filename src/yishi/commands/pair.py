"""`yishi pair`: which branch with which community, as JSON or words; what an edit would cost."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yishi.commands.console import is_chinese, progress, say, spoken_errors

if TYPE_CHECKING:
    from yishi.engines.pairing import Edit, Plan, Problem
    from yishi.engines.pairing.table import Compiled

app = typer.Typer(help="结对：支部与社区 · pair branches with communities, proven best.")

EXAMPLES = "例 examples：yishi pair --template > 结对.csv；yishi pair 结对.csv --json；yishi pair 结对.csv --forbid 卫生院支部=西社区"


@app.command(epilog=EXAMPLES)
def pair(
    file: Annotated[Path | None, typer.Argument(help="结对表 CSV 或 Excel · the table, CSV or Excel")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
    template: Annotated[bool, typer.Option("--template", help="样表 · print the table to fill in")] = False,
    out: Annotated[Path | None, typer.Option(help="with --template: write .xlsx or .csv there")] = None,
    fix: Annotated[
        list[str] | None, typer.Option(help="改动：支部=社区 必须结对 · what if BRANCH=COMMUNITY must be")
    ] = None,
    forbid: Annotated[
        list[str] | None, typer.Option(help="改动：支部=社区 不许结对 · what if BRANCH=COMMUNITY must not be")
    ] = None,
    free: Annotated[
        list[str] | None, typer.Option(help="改动：支部=社区 不再限制 · what if BRANCH=COMMUNITY is neither")
    ] = None,
    seed: Annotated[int, typer.Option(help="draw among equally good plans", min=0)] = 0,
) -> None:
    """Pair branches with communities: the best plan with its proof, or a smallest set of wishes in conflict.

    With --fix, --forbid or --free the answer is still that of the table as it stands; the plan after the edit stands
    whole under what_if. 有改动时，主答案仍是原表的方案，改动后的完整方案在 what_if 里。
    """
    with spoken_errors(as_json):
        if template:
            _template(out)
            return
        if file is None:
            raise ValueError("请给出结对表；样表：yishi pair --template · name the table; see yishi pair --template")
        edits = _edits({"fix": fix or [], "forbid": forbid or [], "free": free or []})
        answer = _answer(file, seed, edits)
        if as_json:
            typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        from yishi.engines.pairing.view import as_words

        typer.echo(as_words(answer, "zh" if is_chinese() else "en"), nl=False)


def _answer(file: Path, seed: int, edits: "tuple[Edit, ...]") -> dict[str, Any]:
    from yishi.engines.pairing import compiled, conflict, solve_compiled
    from yishi.engines.pairing.reader import read_problem
    from yishi.engines.pairing.view import as_data, conflict_data

    with progress("读表", "Reading the table", 1) as advance:
        left_out: list[str] = []
        problem = read_problem(file, seed, left_out)
        numbers = compiled(problem)
        advance(1)
    with progress("求最优并核对", "Finding the best plan and proving it", None) as advance:
        plan = solve_compiled(numbers, lambda step: advance(1))
    if plan is None:
        with progress("查找冲突", "Looking for the conflict", None):
            found = conflict(numbers)
        if found is None:
            raise ValueError(
                "没有方案，也没有找到冲突；请报告此问题 · no plan, and no conflict found: please report this"
            )
        return conflict_data(found) | {"left_out": left_out} | _what_if(problem, numbers, None, edits)
    return as_data(problem, plan) | {"left_out": left_out} | _what_if(problem, numbers, plan, edits)


def _what_if(problem: "Problem", numbers: "Compiled", plan: "Plan | None", edits: "tuple[Edit, ...]") -> dict[str, Any]:
    if not edits:
        return {}
    from yishi.engines.pairing import conflict, what_if
    from yishi.engines.pairing.editing import edited, relief, wishes_after
    from yishi.engines.pairing.view import as_data, conflict_data, what_if_data

    changed = what_if(plan, edits) if plan else relief(numbers, edits)
    if changed.after is not None:
        return {"what_if": what_if_data(changed) | as_data(wishes_after(problem, edits), changed.after)}
    found = conflict(edited(numbers, edits))
    return {"what_if": what_if_data(changed) | (conflict_data(found) if found else {})}


def _edits(asked: dict[str, list[str]]) -> "tuple[Edit, ...]":
    from yishi.engines.pairing import Act, Edit

    found = []
    for act, pairs in asked.items():
        for text in pairs:
            branch, mark, community = text.partition("=")
            if not mark:
                raise ValueError(f"--{act} {text}：应写成 支部=社区 · --{act} {text}: write it as BRANCH=COMMUNITY")
            found.append(Edit(Act(act), branch.strip(), community.strip()))
    return tuple(found)


def _template(out: Path | None) -> None:
    from yishi.engines.pairing.template import as_csv, rows

    if out is None:
        typer.echo(as_csv(), nl=False)
        return
    if out.suffix.lower() == ".csv":
        out.write_text(as_csv(), encoding="utf-8-sig")
    elif out.suffix.lower() == ".xlsx":
        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        sheet.title = "结对"
        for row in rows():
            sheet.append(row)
        book.save(out)
    else:
        raise ValueError(f"{out.name}：只能写 .xlsx 或 .csv · {out.name}: only .xlsx or .csv can be written")
    typer.echo(say(f"已写入 {out}", f"Wrote {out}"))
