"""What is typed wrongly, said in words: an unknown option, a missing file name, a number out of bounds."""

import json
import re
from typing import Any

import typer

from yishi.commands.console import both_halves, err, fail, say

_WRONG_VALUES = (
    (r"greater than or equal to (\S+)", "不能小于 {}"),
    (r"less than or equal to (\S+)", "不能大于 {}"),
    (r"greater than (\S+)", "应大于 {}"),
    (r"less than (\S+)", "应小于 {}"),
    (r"in the range (.+)", "应在 {} 之内"),
    (r"is not one of (.+)", "只能是 {}"),
    (r"valid integer", "应为整数"),
    (r"valid (?:number|float)", "应为数"),
    (r"date", "日期或时间的写法不对"),
    (r"does not exist", "没有这个文件或文件夹"),
)
_SLIPS = (
    (r"No such option:? '?([^\s'.]+)", "没有选项 {}"),
    (r"No such command '(.*?)'", "没有命令 {}"),
    (r"Missing command", "缺少命令"),
    (r"Missing (?:argument|option|parameter) '?(.*?)'?\.", "缺少 {}"),
    (r"Option '?(.*?)'? requires an argument", "选项 {} 后面要有值"),
    (r"Option '?(.*?)'? requires (\d+) arguments", "选项 {} 后面要有 {} 个值"),
    (r"Option '?(.*?)'? does not take a value", "选项 {} 后面不能有值"),
    (r"unexpected extra arguments?(?:\(s\))? \((.*)\)", "多出的词：{}"),
)


def refused(error: Any, args: list[str]) -> typer.Exit:
    """Say what a usage error has wrong, as JSON in both languages where `--json` was typed; code 2."""
    zh, en = words_of(error)
    if "--json" in (args[: args.index("--")] if "--" in args else args):
        typer.echo(json.dumps({"error": {"zh": zh, "en": en}}, ensure_ascii=False, indent=1))
        return typer.Exit(2)
    left = fail(zh, en, 2)
    path = error.ctx.command_path if error.ctx else "yishi"
    err.print(say(f"用法见 {path} --help", f"See {path} --help"), markup=False)
    return left


def words_of(error: Any) -> tuple[str, str]:
    """Chinese and English of a usage error."""
    english = " ".join(error.format_message().replace("Value error, ", "").split())
    if " · " in error.message:
        return both_halves(ValueError(error.message))
    if wrong := re.search(r"Invalid value(?: for '?(.*?)'?)?: (.*)", english):
        where, why = wrong.groups()
        return f"{where or '参数'} 的值不对：{_first(_WRONG_VALUES, why) or why}", english
    told = _first(_SLIPS, english) or f"命令的写法不对：{english}"
    meant = re.search(r"(?:Did you mean|Possible options:) ?(.*?)[?)]*$", english)
    return told + (f"。是不是 {meant[1]}？" if meant else ""), english


def _first(patterns: tuple[tuple[str, str], ...], english: str) -> str | None:
    for pattern, chinese in patterns:
        if found := re.search(pattern, english):
            return chinese.format(*(part.rstrip(".") for part in found.groups()))
    return None
