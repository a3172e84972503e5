"""The `yishi` command. A sub-command's module is imported only when it is called.

So `yishi law` and the other engines answer at once and never load Django.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a command lives. ``command`` empty: the module's whole ``app`` is mounted."""

    module: str
    command: str
    panel: str
    help: str


TYPED = "yishi.typed"
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The click that typer brings along has no public name for it."""
KEEPING = "安装与运行 · keeping an installation"
DATA = "数据 · data"
ENGINES = "计算 · engines (no database needed)"
MOUNTS: dict[str, Mount] = {
    "demo": Mount("demo", "demo", KEEPING, "示范镇：建库、装入数据、启动 · load the demo town and serve it"),
    "serve": Mount("serve", "serve", KEEPING, "启动网站与后台任务 · serve the site and its background worker"),
    "worker": Mount("serve", "worker", KEEPING, "只运行后台任务 · run the background worker alone"),
    "migrate": Mount("core", "migrate", KEEPING, "升级数据库结构 · bring the database up to date"),
    "create-admin": Mount("core", "create-admin", KEEPING, "建管理员账号 · make a keeper's account"),
    "check": Mount("data", "check", KEEPING, "体检：环境、数据、审计链 · check the installation"),
    "import": Mount("imports", "", DATA, "导入组织名册、留言、热线工单 · import rolls, messages, hotline tickets"),
    "export": Mount("data", "export", DATA, "导出全部数据 · export everything"),
    "restore": Mount("data", "restore", DATA, "从导出或备份恢复 · restore from an export or a backup"),
    "backup": Mount("data", "backup", DATA, "在线备份 · back up while running"),
    "network": Mount("network", "", DATA, "组织与任职 · organisations, posts and terms"),
    "ledger": Mount("ledger", "", DATA, "存证账本 · the ledger: key, witnesses, check"),
    "law": Mount("law", "", ENGINES, "法规包、期限、门槛 · rule packs, deadlines, thresholds"),
    "decide": Mount("decide", "", ENGINES, "表决核算 · recompute a decision"),
    "verify": Mount("verify", "verify", ENGINES, "核对决策包 · recompute a decision from its bundle"),
    "budget": Mount("budget", "", ENGINES, "参与式预算 · count a participatory budget"),
    "opinion": Mount("opinion", "", ENGINES, "意见分析 · read a conversation"),
    "triage": Mount("triage", "", ENGINES, "来件分拣 · sort messages"),
    "reach": Mount("reach", "", ENGINES, "步行圈 · who walks to a venue in time"),
    "pair": Mount("pair", "", ENGINES, "结对 · pair branches with communities"),
}  # fmt: skip


def load(name: str) -> Any:
    """The click command behind a name.

    Raises:
        ImportError: the module is not part of this installation.
    """
    mount = MOUNTS[name]
    command = typer.main.get_command(import_module(f"yishi.commands.{mount.module}").app)
    if mount.command and isinstance(command, TyperGroup):
        return command.commands[mount.command]
    return command


@contextmanager
def usage_in_words(args: list[str]) -> Iterator[None]:
    """What is typed wrongly is answered in both languages, with `--json` as JSON; code 2."""
    try:
        yield
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            raise
        from yishi.commands.usage import refused

        raise refused(error, args) from None


class LazyGroup(TyperGroup):
    """Lists every command from the table above; loads the one that is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        typed = list(args)
        with usage_in_words(typed):
            context = super().make_context(info_name, args, parent, **extra)
        context.meta[TYPED] = typed
        return context

    def invoke(self, ctx: Any) -> Any:
        with usage_in_words(ctx.meta[TYPED]):
            return super().invoke(ctx)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(MOUNTS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        mount = MOUNTS.get(cmd_name)
        if mount is None:
            return None
        return TyperCommand(cmd_name, callback=None, help=mount.help, rich_help_panel=mount.panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        if name is None or found is None:
            return name, found, rest
        return name, load(name), rest

    @property
    def names(self) -> Sequence[str]:
        """All names, for shell completion and tests."""
        return tuple(MOUNTS)


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        from yishi import __version__

        typer.echo(f"yishi {__version__}")
        raise typer.Exit


@app.callback(epilog="每个命令都有 --help 和例子。 Every command has --help with examples.")
def main(
    version: bool = typer.Option(False, "--version", help="版本 · version", callback=_version, is_eager=True),
) -> None:
    """议事 Yishi：从提出到办结，一件事一条线。 Every matter from the day it is raised to the day it is settled."""
