"""Personal numbers covered in what everyone may read."""

import re

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
_CARD = re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)")
_SPACED_CARD = re.compile(r"(?<![\d ])(\d{4}) \d{4} \d{4} (?:\d{4} )?(\d{3,4})(?!\d)")
_DOOR = re.compile(r"((?:栋|幢|座|号楼|单元|梯|巷\d{1,4}号)\s?)\d{2,4}(\s?(?:房|室|号房|号室))")


def masked(text: str) -> str:
    """Mobile and identity numbers hidden."""
    for pattern in (_MOBILE, _IDENTITY):
        text = pattern.sub(r"\1****\2", text)
    return text


def masked_for_board(text: str) -> tuple[str, int]:
    """A text for a notice board: mobile, identity and bank card numbers and residents' door numbers hidden.

    Returns the text and how many places were covered; covering twice changes nothing.
    """
    count = 0
    for pattern in (_MOBILE, _IDENTITY, _CARD, _SPACED_CARD, _DOOR):
        text, n = pattern.subn(r"\1****\2", text)
        count += n
    return text, count
