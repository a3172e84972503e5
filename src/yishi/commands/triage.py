"""`yishi triage`: learn a town's labels, sort messages, find duplicates and hot topics."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yishi.commands.console import is_chinese, progress, say, spoken_errors

if TYPE_CHECKING:
    from yishi.engines.triage.classifier import Classifier
    from yishi.engines.triage.reader import Row
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
        from yishi.engines.triage.classifier import LEAD
        from yishi.engines.triage.model_file import to_bytes
        from yishi.engines.triage.tables import history_of, texts_of
        from yishi.engines.triage.training import Labelled

        if file is None and tree is None:
            raise ValueError("请给出留言文件或 --tree 分类表 · name a file of messages, or a label tree with --tree")
        left_out: list[str] = []
        with progress("读取留言", "Reading messages") as advance:
            rows, columns = history_of(file, text or (), label, advance, left_out) if file else ([], ())
        history = Labelled(["\n".join(r.cells[:-1]) for r in rows], [r.cells[-1].strip() for r in rows])
        own = _tree(tree, level, left_out) if tree else None
        other = [row.text for row in texts_of(background, left_out=left_out)] if background else []
        model = _trained(history, own, other, columns, rows, file)
        data = to_bytes(model)
        out.write_bytes(data)
        facts = {
            "model": str(out),
            "messages": model.learned_from,
            "labels": len(model.labels),
            "calibrated": model.calibrated,
            "threshold": round(model.threshold, 4),
            "lead": None if model.calibrated else LEAD,
            "bytes": len(data),
            "left_out": left_out,
        }
        _tell_left_out(left_out)
        zh, en = _who_decides(model)
        _answer(
            facts,
            as_json,
            f"学了 {model.learned_from} 条、{len(model.labels)} 类；{zh}。已写 {out}",
            f"Learned {model.learned_from} messages, {len(model.labels)} labels; {en}. Wrote {out}",
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
        from yishi.engines.triage.tables import place_of, texts_of
        from yishi.engines.triage.view import kind_words, prediction_data

        loaded = _load(model)
        left_out: list[str] = []
        with progress("读取留言", "Reading messages") as advance:
            rows = texts_of(file, text or _model_columns(loaded, file), advance, left_out)
        answers = []
        with progress("分类", "Sorting", len(rows)) as advance:
            for said in loaded.stream([row.text for row in rows], threshold=threshold):
                answers.append(said)
                advance(1)
        _tell_left_out(left_out)
        several = len({row.sheet for row in rows}) > 1
        pairs = zip(answers, rows, strict=True)
        if as_json:
            _print_array(
                (place_of(row, True) if several else {}) | prediction_data(said, row.text if with_kind else None)
                for said, row in pairs
            )
            return
        for said, row in pairs:
            words = "、".join(w for r in said.reasons for w in r.words)
            mark = say("请人来定", "a person decides") if said.abstain else ""
            cells = [_name(place_of(row, several)), said.label, f"{said.probability:.2f}", words, mark]
            typer.echo("\t".join([*cells, *(kind_words(row.text, _language()) if with_kind else ())]).rstrip())


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
        words = [word for reason in now.reasons for word in reason.words]
        zh, en = (f"（看{'、'.join(words)}）", f" ({', '.join(words)})") if words else ("", "")
        _answer(
            prediction_data(now),
            as_json,
            f"现在判为“{now.label}”{zh}，已写 {out}",
            f"Now “{now.label}”{en}; wrote {out}",
        )


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

        named = {"text": text, "title": title, "time": time, "place": place}
        left_out: list[str] = []
        with progress("读取留言", "Reading messages") as advance:
            messages, names = messages_of(file, named, advance, left_out)
        with progress("查重", "Comparing", 2) as advance:
            index = SimilarIndex()
            index.add(messages)
            advance(1)
            found = engine.duplicates(index, least=engine.LEAST if least is None else least)
            advance(1)
        _tell_left_out(left_out)
        if as_json:
            typer.echo(json.dumps(duplicates_data(found, names) | {"left_out": left_out}, ensure_ascii=False, indent=1))
            return
        if not found:
            typer.echo(say("没有找到重复的留言。", "No duplicates were found."))
        for d in found:
            reason = say(d.evidence.sentence["zh"], d.evidence.sentence["en"])
            typer.echo(f"{_name(names[d.first])}\t{_name(names[d.second])}\t{d.score:.2f}\t{reason}")


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
    """Hot topics of at least three people, ranked by people, reach, support, span and recency; people are never ranked."""
    with spoken_errors(as_json):
        from yishi.engines.triage.similar import SimilarIndex
        from yishi.engines.triage.tables import messages_of
        from yishi.engines.triage.topics import FEWEST, TopicMap
        from yishi.engines.triage.view import topics_data

        named = {"text": text, "title": title, "time": time, "place": place, "person": person}
        left_out: list[str] = []
        with progress("读取留言", "Reading messages") as advance:
            messages, names = messages_of(file, named, advance, left_out)
        with progress("聚合热点", "Joining topics", 2) as advance:
            index = SimilarIndex()
            index.add(messages)
            advance(1)
            days = [m.day for m in messages if m.day is not None]
            topics = TopicMap.build(index, now=max(days, default=None)).hot(most)
            advance(1)
        _tell_left_out(left_out)
        if as_json:
            typer.echo(json.dumps(topics_data(topics, names) | {"left_out": left_out}, ensure_ascii=False, indent=1))
            return
        if not topics:
            typer.echo(
                say(
                    f"没有热点：没有一件事至少有 {FEWEST} 人各写了留言。",
                    f"No hot topic: nothing was written about by at least {FEWEST} people.",
                )
            )
        for rank, t in enumerate(topics, 1):
            typer.echo(f"{rank}. {t.title}\n   {say(t.sentence['zh'], t.sentence['en'])}")


def _who_decides(model: "Classifier") -> tuple[str, str]:
    """When a person decides, in both languages."""
    from yishi.engines.triage.classifier import LEAD

    if model.calibrated:
        return f"概率低于 {model.threshold:.2f} 的请人来定", f"below {model.threshold:.2f} a person decides"
    return (
        f"概率不到第二名 {LEAD:g} 倍的请人来定",
        f"unless the first label is {LEAD:g} times as likely as the second, a person decides",
    )


def _language() -> str:
    return "zh" if is_chinese() else "en"


def _name(place: dict[str, Any]) -> str:
    """A row as a person finds it: `数据!3` where several sheets are read."""
    return f"{place['sheet']}!{place['row']}" if "sheet" in place else str(place["row"])


def _tell_left_out(sheets: list[str]) -> None:
    """Which sheets were not read, on standard error."""
    from yishi.engines.rows import left_out_words

    zh, en = left_out_words(sheets)
    if zh:
        typer.echo(say(zh, en), err=True)


def _answer(facts: dict[str, Any], as_json: bool, zh: str, en: str) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else say(zh, en))


def _print_array(items: Iterator[dict[str, Any]]) -> None:
    """A JSON array, an item a line, without holding the text of all of it."""
    typer.echo("[", nl=False)
    for at, item in enumerate(items):
        typer.echo((",\n " if at else "") + json.dumps(item, ensure_ascii=False), nl=False)
    typer.echo("]")


def _tree(file: Path, level: int | None, left_out: list[str]) -> "Labelled":
    from yishi.engines.triage.reader import open_tables
    from yishi.engines.triage.training import tree_examples

    table, *others = open_tables(file)
    left_out += [other.sheet for other in others]
    return tree_examples([row.cells for row in table.rows(table.header)], level)


def _trained(
    history: "Labelled",
    own: "Labelled | None",
    background: list[str],
    columns: tuple[str, ...],
    places: "list[Row]",
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
        wrong = [places[i] for i in error.rows if i < len(places)]
        sheet = wrong[0].sheet if wrong else ""
        rows = [row.number for row in wrong if row.sheet == sheet]
        name = file.name if file else "--tree"
        raise ReadError(name, error.text["zh"], error.text["en"], rows, "", sheet) from error
    return replace(model, columns=columns)


def _load(path: Path) -> "Classifier":
    from yishi.engines.triage.model_file import MAX_BYTES, from_bytes

    with path.open("rb") as file:
        return from_bytes(file.read(MAX_BYTES + 1))


def _model_columns(model: "Classifier", file: Path) -> list[str]:
    """The columns that the model learned from, if the table, or a sheet of it, has them."""
    from yishi.engines.triage.reader import open_tables

    return list(model.columns) if any(set(model.columns) <= set(t.header) for t in open_tables(file)) else []
