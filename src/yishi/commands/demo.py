"""`yishi demo`: an invented town to look at, in one command."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from yishi.commands.console import out, plain_errors, progress, ready, say, tell
from yishi.commands.serve import Companion, answer_at, in_child, prepare, refuse_taken_port, run_server

app = typer.Typer()


def latest_countable(now: dt.datetime) -> dt.datetime:
    """Now; or, where this year's working days are not published, the end of the last year that has them."""
    from yishi.engines.calendar import CalendarUnpublished, is_workday

    try:
        is_workday(now.date())
    except CalendarUnpublished:
        pass
    else:
        return now
    return latest_countable(now.replace(year=now.year - 1, month=12, day=5))


def load_demo() -> bool:
    """Load the demo town into an empty installation; returns whether it was empty."""
    from yishi.core import clock, registry
    from yishi.core.demo import DemoSize
    from yishi.network.models import Area

    if Area.objects.exists():
        return False
    size = DemoSize(now=latest_countable(clock.now()))
    for step in registry.demo_steps:
        with progress(f"示范镇 · {step.name}", f"Demo town · {step.name}") as tick:
            step.run(size, tick)
    return True


def _prepare(migrate: bool) -> None:
    prepare(migrate)
    if load_demo():
        tell("示范镇已装好，人和事都是虚构的。", "The demo town is loaded; its people and matters are invented.")
    else:
        tell("已有数据，不再装入示范镇。", "There is data already; the demo town is not loaded again.")


def _who() -> None:
    from yishi.network.demo import PASSWORD, PERSONAS

    table: Any = Table(say("账号", "Sign in as"), say("是谁", "Who"), box=None)
    for persona in PERSONAS:
        table.add_row(persona.email, say(persona.zh, persona.en))
    out.print(table)
    tell(f"密码都是：{PASSWORD}", f"The password of all: {PASSWORD}")


def _keep_mail() -> Path | None:
    """Mail of the demo goes to a folder, so that it does not bury who may sign in; where nothing else is set."""
    from dotenv import dotenv_values

    from yishi.config.environment import FILE

    chosen = {**dotenv_values(FILE), **os.environ}
    if chosen.get("YISHI_EMAIL_URL"):
        return None
    folder = Path(chosen.get("YISHI_DATA_DIR") or "var").resolve() / "mail"
    os.environ["YISHI_EMAIL_URL"] = f"file://{folder}"
    return folder


@app.command()
def demo(
    host: Annotated[str, typer.Option(help="监听地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 · port")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="网站进程数 · web processes")] = 2,
    serve: Annotated[bool, typer.Option(help="装好后启动网站 · serve the site afterwards")] = True,
) -> None:
    """建库、装入示范镇、列出可登录的角色、启动网站。 Load the demo town, say who to sign in as, serve it.

    例 Examples:

    yishi demo

    yishi demo --no-serve
    """
    os.environ.setdefault("YISHI_STAFF_SECOND_FACTOR", "false")  # one password is enough for invented people
    mail = _keep_mail()
    answer_at(host, port)
    with plain_errors():
        if serve:
            refuse_taken_port(host, port)
        in_child(lambda: _prepare(True))
        ready()
        _who()
        if mail is not None:
            tell(f"要发的邮件存放在 {mail}。", f"Mail that would be sent is kept in {mail}.")
        if serve:
            tell(f"打开 http://{host}:{port} ；按 Ctrl+C 停止。", f"Open http://{host}:{port} ; press Ctrl+C to stop.")
            run_server(host, port, workers, 4, Companion(), False)
