"""How the command speaks: one language at a time, plain errors, progress bars."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Tick = Callable[[int], None]
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def is_chinese() -> bool:
    """Whether this terminal is spoken to in Chinese: ``YISHI_LANGUAGE``, else the locale."""
    chosen = os.environ.get("YISHI_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return chosen.lower().startswith("zh")


def say(zh: str, en: str) -> str:
    """The sentence in the terminal's language."""
    return zh if is_chinese() else en


def tell(zh: str, en: str) -> None:
    """Print a line."""
    out.print(say(zh, en), markup=False)


def fail(zh: str, en: str, code: int = 1) -> typer.Exit:
    """Say on standard error what is wrong and what to do; raise the result to leave."""
    err.print(say(zh, en), markup=False)
    return typer.Exit(code)


@contextmanager
def progress(zh: str, en: str, total: int | None = None) -> Iterator[Tick]:
    """A progress bar; call the value with how many more are done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as bar:
        task = bar.add_task(say(zh, en), total=total)

        def tick(n: int = 1) -> None:
            bar.advance(task, n)

        yield tick


def ready() -> None:
    """Load the settings and Django; a bad environment leaves with each variable's name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")
    import django

    django.setup()


@contextmanager
def plain_errors() -> Iterator[None]:
    """Errors that a person can mend are said in words; others name themselves, without a traceback.

    ``YISHI_DEBUG=1`` shows the traceback.
    """
    try:
        yield
    except (typer.Exit, typer.Abort, SystemExit, KeyboardInterrupt):
        raise
    except Exception as error:
        if os.environ.get("YISHI_DEBUG", "").lower() in {"1", "true", "yes"}:
            raise
        raise _explained(error) from None


@contextmanager
def spoken_errors(as_json: bool = False) -> Iterator[None]:
    """What a file or an argument has wrong (`OSError`, `ValueError`) is said in words, or as JSON in both languages
    with the rows that the error names; code 2."""
    logging.basicConfig(format="%(message)s")
    try:
        yield
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except (OSError, ValueError) as error:
        zh, en = both_halves(error)
        if as_json:
            rows = {"rows": list(error.rows)} if hasattr(error, "rows") else {}
            typer.echo(json.dumps({"error": {"zh": zh, "en": en, **rows}}, ensure_ascii=False, indent=1))
            raise typer.Exit(2) from None
        raise fail(zh, en, 2) from None


def both_halves(error: Exception) -> tuple[str, str]:
    """The Chinese and the English of an error: its own ``zh`` and ``en`` or ``text``, or the halves around `` · ``."""
    if isinstance(error, OSError):
        name, why = error.filename or "", error.strerror or str(error)
        return f"读写文件出错：{why}（{name}）", f"A file cannot be read or written: {why} ({name})"
    if hasattr(error, "zh") and hasattr(error, "en"):
        return str(error.zh), str(error.en)
    if text := getattr(error, "text", None):
        return str(text["zh"]), str(text["en"])
    zh, _, en = str(error).partition(" · ")
    return zh, en or zh


def _explained(error: Exception) -> typer.Exit:
    from django.core.exceptions import ValidationError
    from django.db import DatabaseError

    from yishi.core.verdicts import Refusal

    if isinstance(error, ValidationError):
        return fail(*("\n".join(error.messages),) * 2)
    if isinstance(error, Refusal):
        words = " ".join(str(w) for w in (error.verdict.reason, error.verdict.clause, error.verdict.what_now) if w)
        return fail(words, words)
    if isinstance(error, DatabaseError):
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return fail(
            f"数据库出错：{why}\n请核对 YISHI_DATABASE_URL 与 YISHI_DATA_DIR；若提示缺表，先运行 yishi migrate。",
            f"The database answers: {why}\nCheck YISHI_DATABASE_URL and YISHI_DATA_DIR; if a table is missing, run "
            "`yishi migrate` first.",
        )
    if isinstance(error, OSError):
        return fail(*both_halves(error))
    return fail(
        f"没有料到的错误：{type(error).__name__}: {error}\n加 YISHI_DEBUG=1 再运行可看到细节。",
        f"Unexpected: {type(error).__name__}: {error}\nRun again with YISHI_DEBUG=1 to see the details.",
    )


def is_interactive() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()
