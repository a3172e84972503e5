"""`yishi budget`: what a participatory budget funds and why, from a Pabulib file."""

import csv
import gzip
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from yishi.commands.console import is_chinese, progress, spoken_errors

if TYPE_CHECKING:
    from yishi.engines.tally.budget import Greedy, Shares

app = typer.Typer(help="参与式预算：等额分担法、贪心法 · participatory budgets: equal shares, greedy.")

EXAMPLES = (
    "例 examples：yishi budget 小区.pb --rule equal-shares --json；"
    "yishi budget town.pb.xz --completion none --trace payments.csv；yishi budget town.pb --rule greedy"
)


class Rule(StrEnum):
    equal_shares = "equal-shares"
    greedy = "greedy"


class Utility(StrEnum):
    cost = "cost"
    cardinality = "cardinality"


class Completion(StrEnum):
    add1 = "add1"
    none = "none"


@app.command(epilog=EXAMPLES)
def budget(
    file: Annotated[Path, typer.Argument(help="Pabulib 文件 · a Pabulib file (.pb, .gz, .xz)")],
    rule: Annotated[Rule, typer.Option(help="等额分担法或贪心法 · the rule")] = Rule.equal_shares,
    utility: Annotated[Utility, typer.Option(help="效用按金额或个数 · what a funded project is worth")] = Utility.cost,
    completion: Annotated[
        Completion | None,
        typer.Option(help="补足 · add1: raise every share by 1 until nothing fits (usual for equal-shares); none"),
    ] = None,
    trace: Annotated[
        Path | None, typer.Option(help="每人付款明细 · write every voter's exact payments there, .csv or .csv.gz")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Fund projects from approval ballots; exact, each project with its reason."""
    with spoken_errors(as_json):
        if rule is Rule.greedy and (completion or trace):
            raise ValueError(
                "贪心法没有补足，也没有每人付款；去掉 --completion 和 --trace · "
                "greedy has neither completion nor payments: leave out --completion and --trace"
            )
        if trace and not trace.name.endswith((".csv", ".csv.gz")):
            raise ValueError(
                f"{trace.name}：只能写 .csv 或 .csv.gz · {trace.name}: only .csv or .csv.gz can be written"
            )
        result = _counted(file, rule, utility, completion or Completion.add1)
        if trace:
            _write(trace, result)  # type: ignore[arg-type]
        _print(result, as_json)


def _counted(file: Path, rule: Rule, utility: Utility, completion: Completion) -> "Greedy | Shares":
    from yishi.engines.tally.budget import equal_shares, greedy, read_pabulib

    with progress("读取选票", "Reading ballots", None):
        instance = read_pabulib(file)
    with progress("计算", "Counting", None):
        if rule is Rule.greedy:
            return greedy(instance, utility.value)
        return equal_shares(instance, utility.value, completion.value)


def _print(result: "Greedy | Shares", as_json: bool) -> None:
    from yishi.engines.tally.budget import as_data, as_words

    data = as_data(result)
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        typer.echo(as_words(data, "zh" if is_chinese() else "en"), nl=False)


def _write(path: Path, shares: "Shares") -> None:
    from yishi.engines.tally.budget import payments
    from yishi.engines.tally.budget.payments import exact_text, rounded

    with _opened(path) as file:
        rows = csv.writer(file)
        rows.writerow(["voter_id", "project_id", "round", "paid", "paid_exact"])
        for one in payments(shares):
            rows.writerow([one.voter, one.project, one.round, rounded(one.paid), exact_text(one.paid)])


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", compresslevel=4, encoding="utf-8", newline="")
    return path.open("w", encoding="utf-8", newline="")
