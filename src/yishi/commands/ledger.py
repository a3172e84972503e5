"""`yishi ledger`: the public key, witnesses, and the whole log recomputed from its entries."""

from typing import Annotated

import typer

from yishi.commands.console import fail, plain_errors, progress, ready, tell

app = typer.Typer(
    help="存证账本：公钥、见证人、全本核对 · the ledger: key, witnesses, a check of it all.\n\n"
    "例 Examples:\n\nyishi ledger key\n\nyishi ledger check"
)


@app.callback()
def main() -> None:
    """The ledger of publications, boxes and results."""


@app.command()
def key() -> None:
    """公布用的公钥，核对决策包时用 --key。 The public key, for `yishi verify --key`."""
    with plain_errors():
        ready()
        from yishi.publication.selectors.ledger import public_key

        found = public_key()
        typer.echo(f"{found.partition('+')[0]}={found}")


@app.command()
def witness(
    name: Annotated[
        str, typer.Argument(metavar="KEY", help="见证人公钥：名称+编号+密钥 · name+id+key of a cosignature")
    ],
) -> None:
    """接受一位见证人的签名。 Accept a witness's cosignatures from now on."""
    with plain_errors():
        ready()
        from django.core.exceptions import ValidationError

        from yishi.core import clock
        from yishi.publication.services import add_witness

        try:
            made = add_witness(name, clock.now())
        except ValidationError as error:
            raise fail(" ".join(error.messages), "not a readable key of a cosignature (name+id+key)") from None
        tell(f"已登记见证人：{made}", f"Witness accepted: {made}")


@app.command()
def check() -> None:
    """由全部条目重算总校验值，与签名公布的比对。 Recompute the root from every entry; code 1 when it differs."""
    with plain_errors():
        ready()
        from yishi.publication.selectors.ledger import count_entries, recomputed

        with progress("重算", "Recomputing", count_entries()) as tick:
            size, ours, signed = recomputed(tick)
        if ours != signed:
            raise fail(
                f"账本与签名不符：{size} 条算出 {ours}，公布的是 {signed}",
                f"The ledger differs from what was signed: {size} entries give {ours}, signed was {signed}",
            )
        tell(f"{size} 条，与签名公布的总校验值一致：{ours}", f"{size} entries, as signed and published: {ours}")
