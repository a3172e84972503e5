"""`yishi verify`: recompute a decision from its bundle, with no server and no database."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from yishi.commands import console
from yishi.commands.law import Json, fail, print_json
from yishi.engines.bundle import (
    BundleError,
    Check,
    Report,
    compare_editions,
    own_ballot,
    read_trusted,
    read_zip,
    verify_bundle,
)
from yishi.engines.bundle.archive import ALTOGETHER, LARGEST, check_names, too_large
from yishi.engines.bundle.model import NAMES
from yishi.engines.ledger import LedgerError, PublicKey

app = typer.Typer()
MARKS = {"holds": "✓", "fails": "✗", "withheld": "○"}
MOST = 4_096
"""Bytes of a voter's own line and salt."""
Key = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="ORIGIN=PUBKEY", help="您信任的存证公钥 · a ledger's public key that you trust"),
]
Mine = Annotated[
    str | None,
    typer.Option(
        "--mine",
        metavar="LINE|FILE",
        help="您的票的一行，或写有票和盐两行的文件 · your ballot's line, or a file of line and salt",
    ),
]
Salt = Annotated[str, typer.Option("--salt", help="您的票的盐 · the salt of your ballot")]
Public = Annotated[
    Path | None, typer.Option("--public", help="同一次表决的公开版 · the public edition of the same vote")
]


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="决策包：zip 或解开的文件夹 · a zip or the unpacked folder")],
    as_json: Json = False,
    key: Key = None,
    mine: Mine = None,
    salt: Salt = "",
    public: Public = None,
) -> None:
    """核对决策包：重演步骤、重新计票、核对存证。 Recompute a decision from its bundle.

    Code 0: nothing fails; ○ is withheld in the public edition, and said so. 1: something fails; it is named.
    2: the bundle cannot be read.

    yishi verify decision.zip
    yishi verify decision.zip --key town.example/ledger=town.example/ledger+1f2e3d4c+AQ…
    yishi verify public.zip --mine "K7QM4 yes 1" --salt 5f3c…
    yishi verify full.zip --public public.zip
    """
    try:
        trusted = read_trusted(key or ())
        files = _read(bundle)
        own, shown = _mine(mine, salt), _read(public) if public else None
    except LedgerError as error:
        raise fail(str(error), error.text, as_json) from None
    except BundleError as error:
        text = {language: f"{error.where}: {told}" for language, told in error.text.items()}
        raise fail(str(error), text, as_json) from None
    except OSError as error:
        at = error.filename or bundle
        zh, en = f"读不了 {at}，请检查路径", f"cannot read {at}: {error.strerror or error}"
        raise fail(en, {"zh": zh, "en": en}, as_json) from None
    with console.progress("核对文件", "checking files", sum(map(len, files.values()))) as tick:
        report = verify_bundle(files, trusted, tick)
    report = replace(report, checks=(*report.checks, *_more(files, own, shown, trusted)))
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)
    raise typer.Exit(0 if report.ok else 1)


def _more(
    files: Mapping[str, bytes],
    own: tuple[str, str] | None,
    shown: Mapping[str, bytes] | None,
    trusted: Mapping[str, PublicKey],
) -> Iterator[Check]:
    if own is not None:
        yield own_ballot(files, *own)
    if shown is not None:
        yield from compare_editions(files, shown, trusted)


def _mine(mine: str | None, salt: str) -> tuple[str, str] | None:
    """A voter's line and salt: as given, or the two lines of a file."""
    if mine is None:
        return None
    path = Path(mine)
    if not salt and path.is_file():
        with path.open("rb") as stream:
            lines = stream.read(MOST).decode("utf-8", "replace").splitlines()
        mine, salt = (*lines, "", "")[:2]
    if not salt.strip():
        raise BundleError(
            "--salt", "请用 --salt 给出盐，或给写有票和盐两行的文件", "give --salt, or a file of line and salt"
        )
    return mine, salt


def _read(bundle: Path) -> Mapping[str, bytes]:
    if bundle.is_dir():
        return _folder(bundle)
    with bundle.open("rb") as stream:
        return read_zip(stream)


def _folder(bundle: Path) -> dict[str, bytes]:
    paths = {path.relative_to(bundle).as_posix(): path for path in sorted(bundle.rglob("*")) if path.is_file()}
    check_names(list(paths))
    out: dict[str, bytes] = {}
    left = ALTOGETHER
    for name, path in paths.items():
        with path.open("rb") as stream:
            out[name] = stream.read(min(left, LARGEST) + 1)
        if len(out[name]) > min(left, LARGEST):
            raise too_large(name)
        left -= len(out[name])
    return out


def _print(report: Report) -> None:
    language = "zh" if console.is_chinese() else "en"
    _tell(report.title)
    for check in report.checks:
        clause = f"  ({check.clause[language]})" if check.clause and check.state != "holds" else ""
        subject = f" {check.subject}" if check.subject and check.subject != report.title else ""
        _tell(f" {MARKS[check.state]} {NAMES[check.code][language]}{subject}: {check.text[language]}{clause}")
        for where in check.where:
            _tell(f"     → {where}")
    for result in report.results:
        for verdict in result["verdicts"]:
            _tell(f"   {verdict['text'][language]}")
    wrong = sum(not check.ok for check in report.checks)
    if wrong:
        console.tell(f"不成立：{wrong} 项有问题，见 ✗", f"Does not hold: {wrong} of the checks fail, see ✗")
        return
    apart = sum(check.withheld for check in report.checks)
    if apart:
        console.tell(
            f"成立：能核对的都无误；{apart} 项未公开，见 ○",
            f"Holds: all that can be checked is right; {apart} of the checks are withheld, see ○",
        )
    else:
        console.tell("成立：全部核对无误", "Holds: every check is passed")


def _tell(text: str) -> None:
    """Print a line of a bundle that may be hostile: what a terminal would obey is not passed on."""
    shown = "".join(char if char.isprintable() else "�" for char in text)
    console.tell(shown, shown)
