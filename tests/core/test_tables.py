"""Lists that people bring: what cannot be read is said, and changes nothing for others."""

import csv

import pytest
from django.core.exceptions import ValidationError

from yishi.core import tables


def test_a_cell_without_end_is_refused_in_words_and_the_bound_stays() -> None:
    before = csv.field_size_limit()
    assert tables.read_bytes("编号,标题\n1,路灯\n".encode(), ["编号"]).rows == [(2, {"编号": "1", "标题": "路灯"})]
    with pytest.raises(ValidationError, match="无法识别这个文件"):
        tables.read_bytes(('编号,标题\n1,"' + "灯\n" * 200_000).encode(), ["编号"])
    assert csv.field_size_limit() == before
