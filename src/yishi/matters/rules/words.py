"""Sentences of rules in the reader's language, and their data files."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import get_language

Text = dict[str, str]


@cache
def data(name: str) -> dict[str, Any]:
    """A rule file of this package, parsed once."""
    return tomllib.loads((resources.files("yishi.matters.rules") / f"{name}.toml").read_text(encoding="utf-8"))


def said(text: Text) -> str:
    """A sentence ``{"zh": …, "en": …}`` in the current language."""
    return text["en"] if (get_language() or "").startswith("en") else text["zh"]
