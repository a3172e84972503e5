"""What a decision was set up with must exist: a misspelt option or local rule would drop a safeguard in silence."""

from yishi.engines.procedure.events import Decision, EventError
from yishi.engines.procedure.floors import floor, read_local
from yishi.engines.procedure.model import PackError, UnknownPack
from yishi.engines.procedure.packs import all_packs, load_pack
from yishi.engines.procedure.steps import Procedure


def check_header(decision: Decision, procedure: Procedure) -> None:
    """Raises `EventError` for an option that the procedure does not have, an overlay that no pack is, or a
    local line that cannot be read or compared. A line weaker than the law is not one of these: it is set
    aside with a warning when its step is reached."""
    _among("options", decision.options, [step.option for step in procedure.steps if step.option])
    _among("overlays", decision.overlays, [pack.id for pack in all_packs() if pack.overlays])
    for id, lines in decision.local.items():
        for line in lines:
            try:
                floor(load_pack(id), read_local(line))
            except PackError as error:
                raise EventError(f"decision: local {id} {error.en}", f"decision：local {id} {error.zh}") from None
            except UnknownPack as error:
                raise EventError(f"decision: local: {error.args[0]}", f"decision：local：没有规则包 {id!r}") from None


def _among(what: str, given: tuple[str, ...], known: list[str]) -> None:
    wrong = [name for name in given if name not in known]
    if wrong:
        names, there = ", ".join(wrong), ", ".join(known) or "none"
        raise EventError(
            f"decision: unknown {what} {names}; there are: {there}", f"decision：{what} 没有 {names}；可用：{there}"
        )
