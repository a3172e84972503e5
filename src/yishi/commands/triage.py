"""`yishi triage`: learn a town's labels, sort messages, find duplicates and hot topics."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yishi.commands.console import progress, say, spoken_errors

if TYPE_CHECKING:
    from yishi.engines.triage.classifier import Classifier
    from yishi.engines.triage.training import Labelled

app = typer.Typer(
    no_args_is_help=True,
    help="来件分拣：分类、查重、热点 · sort messages: labels, duplicates, hot topics.",
)

File = Annotated[Path, typer.Argument(help="messages: .csv, .csv.gz or Excel")]
Model = Annotated[Path, typer.Argument(help="a model written by `yishi triage train`")]
TextColumns = Annotated[list[str] | None, typer.Option("--text", help="column of the text; twice: title, then text")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
Out = Annotated[Path, typer.Option(help="model file to write")]
TitleColumn = Annotated[str | None, typer.Option("--title", help="column of the title")]
TimeColumn = Annotated[str | None, typer.Option("--time", help="column of the time")]
PlaceColumn = Annotated[str | None, typer.Option("--place", help="column of the place")]
PersonColumn = Annotated[str | None, typer.Option("--person", help="column of who wrote")]
MessageColumn = Annotated[str | None, typer.Option("--text", help="column of the text")]


@app.command()
def train(
    out: Out,
    file: Annotated[Path | None, typer.Argument(help="labelled messages: .csv, .csv.gz or Excel")] = None,
    text: TextColumns = None,
    label: Annotated[str | None, typer.Option(help="column of the label")] = None,
    tree: Annotated[Path | None, typer.Option(help="label tree, a column a level; alone: a cold start")] = None,
    level: Annotated[int | None, typer.Option(min=1, help="level of the tree that the labels are; else all")] = None,
    background: Annotated[Path | None, typer.Option(help="unlabelled messages of the same town")] = None,
    as_json: AsJson = False,
) -> None:
    """Learn labels from history, from a label tree's own words, or from both."""
    with spoken_errors(as_json):
        from yishi.engines.triage.model_file import to_bytes
        from yishi.engines.triage.tables import texts_of
        from yishi.engines.triage.training import Labelled

        if file is None and tree is None:
            raise ValueError("请给出留言文件或 --tree 分类表 · name a file of messages, or a label tree with --tree")
        history, columns, numbers = _history(file, text, label) if file else (Labelled([], []), (), [])
        own = _tree(tree, level) if tree else None
        other = [t for _, t in texts_of(background)] if background else []
        model = _trained(history, own, other, columns, numbers, file)
        data = to_bytes(model)
        out.write_bytes(data)
        facts = {
            "model": str(out),
            "messages": model.learned_from,
            "labels": len(model.labels),
            "calibrated": model.learned_from > 0,
            "threshold": round(model.threshold, 4),
            "bytes": len(data),
        }
        _answer(
            facts,
            as_json,
            f"学了 {model.learned_from} 条、{len(model.labels)} 类；概率低于 {model.threshold:.2f} 的请人来定。已写 {out}",
            f"Learned {model.learned_from} messages, {len(model.labels)} labels; below {model.threshold:.2f} a person "
            f"decides. Wrote {out}",
        )


@app.command()
def predict(
    model: Model,
    file: File,
    text: TextColumns = None,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="abstain below; else the model's own")] = None,
    with_kind: Annotated[bool, typer.Option("--with-kind", help="add kind and urgency of each message")] = False,
    as_json: AsJson = False,
) -> None:
    """Label messages, with probability and the words that decided, in row order."""
    with spoken_errors(as_json):
        from yishi.engines.triage.tables import texts_of
        from yishi.engines.triage.view import prediction_data

        loaded = _load(model)
        with progress("读取留言", "Reading messages") as advance:
            rows = texts_of(file, text or _model_columns(loaded, file), advance)
        answers = []
        with progress("分类", "Sorting", len(rows)) as advance:
            for said in loaded.stream([t for _, t in rows], threshold=threshold):
                answers.append(said)
                advance(1)
        if as_json:
            pairs = zip(answers, rows, strict=True)
            _print_array(prediction_data(said, t if with_kind else None) for said, (_, t) in pairs)
            return
        for (number, _), said in zip(rows, answers, strict=True):
            words = "、".join(w for r in said.reasons for w in r.words)
            mark = say("请人来定", "a person decides") if said.abstain else ""
            typer.echo(f"{number}\t{said.label}\t{said.probability:.2f}\t{words}\t{mark}".rstrip())


@app.command()
def correct(
    model: Model,
    message: Annotated[str, typer.Option(help="the message")],
    label: Annotated[str, typer.Option(help="its right label")],
    out: Out,
    as_json: AsJson = False,
) -> None:
    """Learn one correction without training anew."""
    with spoken_errors(as_json):
        from yishi.engines.triage.model_file import to_bytes
        from yishi.engines.triage.view import prediction_data

        fixed = _load(model).correct(message, label)
        out.write_bytes(to_bytes(fixed))
        (now,) = fixed.predict([message])
        _answer(prediction_data(now), as_json, f"现在判为“{now.label}”，已写 {out}", f"Now “{now.label}”; wrote {out}")


@app.command()
def duplicates(
    file: File,
    text: MessageColumn = None,
    title: TitleColumn = None,
    time: TimeColumn = None,
    place: PlaceColumn = None,
    least: Annotated[float | None, typer.Option(min=0.05, max=2, help="likeness from which a pair counts")] = None,
    as_json: AsJson = False,
) -> None:
    """Messages that tell of the same cause, with what they share."""
    with spoken_errors(as_json):
        from yishi.engines.triage import duplicates as engine
        from yishi.engines.triage.similar import SimilarIndex
        from yishi.engines.triage.tables import messages_of
        from yishi.engines.triage.view import duplicates_data

        with progress("读取留言", "Reading messages") as advance:
            messages, names = messages_of(file, {"text": text, "title": title, "time": time, "place": place}, advance)
        with progress("查重", "Comparing", 2) as advance:
            index = SimilarIndex()
            index.add(messages)
            advance(1)
            found = engine.duplicates(index, least=engine.LEAST if least is None else least)
            advance(1)
        if as_json:
            typer.echo(json.dumps(duplicates_data(found, names), ensure_ascii=False, indent=1))
            return
        for d in found:
            reason = say(d.evidence.sentence["zh"], d.evidence.sentence["en"])
            typer.echo(f"{names[d.first]['row']}\t{names[d.second]['row']}\t{d.score:.2f}\t{reason}")


@app.command()
def hot(
    file: File,
    text: MessageColumn = None,
    title: TitleColumn = None,
    time: TimeColumn = None,
    place: PlaceColumn = None,
    person: PersonColumn = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="how many topics")] = 10,
    as_json: AsJson = False,
) -> None:
    """Hot topics, ranked by people, reach, support, span and recency; people are never ranked."""
    with spoken_errors(as_json):
        from yishi.engines.triage.similar import SimilarIndex
        from yishi.engines.triage.tables import messages_of
        from yishi.engines.triage.topics import TopicMap
        from yishi.engines.triage.view import topics_data

        named = {"text": text, "title": title, "time": time, "place": place, "person": person}
        with progress("读取留言", "Reading messages") as advance:
            messages, names = messages_of(file, named, advance)
        with progress("聚合热点", "Joining topics", 2) as advance:
            index = SimilarIndex()
            index.add(messages)
            advance(1)
            days = [m.day for m in messages if m.day is not None]
            topics = TopicMap.build(index, now=max(days, default=None)).hot(most)
            advance(1)
        if as_json:
            typer.echo(json.dumps(topics_data(topics, names), ensure_ascii=False, indent=1))
            return
        for rank, t in enumerate(topics, 1):
            typer.echo(f"{rank}. {t.title}\n   {say(t.sentence['zh'], t.sentence['en'])}")


def _answer(facts: dict[str, Any], as_json: bool, zh: str, en: str) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else say(zh, en))


def _print_array(items: Iterator[dict[str, Any]]) -> None:
    """A JSON array, an item a line, without holding the text of all of it."""
    typer.echo("[", nl=False)
    for at, item in enumerate(items):
        typer.echo((",\n " if at else "") + json.dumps(item, ensure_ascii=False), nl=False)
    typer.echo("]")


def _history(file: Path, text: list[str] | None, label: str | None) -> "tuple[Labelled, tuple[str, ...], list[int]]":
    from yishi.engines.triage.reader import open_table
    from yishi.engines.triage.training import Labelled

    table = open_table(file)
    columns = text or [table.text_column()]
    named = label or table.known("label")
    if named is None:
        raise ValueError("请用 --label 指明分类所在的列 · name the column of the label with --label")
    with progress("读取留言", "Reading messages") as advance:
        rows = list(table.rows([*columns, named], advance))
    texts = ["\n".join(r.cells[:-1]) for r in rows]
    return Labelled(texts, [r.cells[-1].strip() for r in rows]), tuple(columns), [r.number for r in rows]


def _tree(file: Path, level: int | None) -> "Labelled":
    from yishi.engines.triage.reader import open_table
    from yishi.engines.triage.training import tree_examples

    table = open_table(file)
    return tree_examples([row.cells for row in table.rows(table.header)], level)


def _trained(
    history: "Labelled",
    own: "Labelled | None",
    background: list[str],
    columns: tuple[str, ...],
    numbers: list[int],
    file: Path | None,
) -> "Classifier":
    from dataclasses import replace

    from yishi.engines.rows import ReadError
    from yishi.engines.triage.training import TrainingError
    from yishi.engines.triage.training import train as learn

    try:
        with progress("训练", "Learning", 1) as advance:
            model = learn(history, own, background)
            advance(1)
    except TrainingError as error:
        rows = [numbers[i] for i in error.rows if i < len(numbers)]
        name = file.name if file else "--tree"
        raise ReadError(name, error.text["zh"], error.text["en"], rows) from error
    return replace(model, columns=columns)


def _load(path: Path) -> "Classifier":
    from yishi.engines.triage.model_file import MAX_BYTES, from_bytes

    with path.open("rb") as file:
        return from_bytes(file.read(MAX_BYTES + 1))


def _model_columns(model: "Classifier", file: Path) -> list[str]:
    """The columns that the model learned from, if this table has them."""
    from yishi.engines.triage.reader import open_table

    return list(model.columns) if set(model.columns) <= set(open_table(file).header) else []
