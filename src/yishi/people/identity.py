"""Identity and phone numbers: read as people write them, kept as little as possible."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_E164 = re.compile(r"\+[1-9]\d{5,14}")


class BadNumber(ValueError):
    """A number that cannot be what it is given as."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is kept of an identity number: a keyed digest, the last four, the day of birth."""

    digest: str
    last4: str
    birth_date: dt.date


def plain(text: str) -> str:
    """Full-width letters and digits made narrow, blanks of every kind taken away."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def check_digit(first17: str) -> str:
    """The last character of an 18-digit number (GB 11643: ISO 7064, MOD 11-2)."""
    return CHECKS[sum(int(d) * w for d, w in zip(first17, WEIGHTS, strict=True)) % 11]


def read_identity(text: str) -> Identity:
    """An identity number of 18 digits, or of the old 15 digits, as typed or pasted.

    Raises:
        BadNumber: wrong length, impossible day of birth, or wrong check digit.
    """
    number = plain(text).upper()
    if re.fullmatch(r"\d{15}", number):
        first17 = f"{number[:6]}19{number[6:]}"
        number = first17 + check_digit(first17)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadNumber("length")
    try:
        birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise BadNumber("birth") from error
    if check_digit(number[:17]) != number[17]:
        raise BadNumber("check")
    return Identity(salted_hmac("yishi.people.identity", number, algorithm="sha256").hexdigest(), number[14:], birth)


def read_phone(text: str) -> str:
    """A phone number in E.164: an 11-digit mobile number is Chinese, others carry their country code.

    Raises:
        BadNumber: neither.
    """
    number = re.sub(r"[-()]", "", plain(text)).removeprefix("0086")
    if number.startswith("86") and _MOBILE.fullmatch(number[2:]):
        number = number[2:]
    if _MOBILE.fullmatch(number):
        return f"+86{number}"
    if _E164.fullmatch(number):
        return number
    raise BadNumber("phone")


def masked_phone(phone: str) -> str:
    """``+8613800138000`` → ``138****8000``."""
    number = phone.removeprefix("+86")
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****" * bool(number)
