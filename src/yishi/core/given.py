"""What someone gives with an act, read exactly: words that must be there, sums in yuan."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_MONEY = Decimal("999999999999.99")


def words_of(text: str, name: str, longest: int) -> str:
    """A reason or a text that someone must give.

    Raises:
        ValidationError: empty or too long, under the field's name.
    """
    text = text.strip()
    if not text:
        raise ValidationError({name: _("请写几个字说明。")})
    if len(text) > longest:
        raise ValidationError(
            {name: _("太长了：最多 %(most)s 字，现在 %(now)s 字。") % {"most": longest, "now": len(text)}}
        )
    return text


def money_of(value: Decimal | int | str | None, name: str, *, nothing: bool = False) -> Decimal:
    """An amount in yuan, exact to the fen, more than nothing; ``nothing``: zero is one too.

    Raises:
        ValidationError: under the field's name.
    """
    try:
        amount = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation as error:
        raise ValidationError({name: _("请写数字，例如 1200.50。")}) from error
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY or amount != round(amount, 2):
        raise ValidationError(
            {name: _("金额不能为负，最多两位小数。") if nothing else _("金额须大于零，最多两位小数。")}
        )
    if not amount and not nothing:
        raise ValidationError({name: _("金额须大于零，最多两位小数。")})
    return amount.quantize(Decimal("0.01"))
