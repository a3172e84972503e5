"""Printed papers: laid out as official documents are, their text selectable, PDF and Word from one description."""

import importlib
import io
import itertools
import re

import pytest
from docx import Document
from pypdf import PdfReader

from yishi.core import papers
from yishi.core.papers import Boxes, Break, Cut, Fields, Heading, Line, Paper, Paragraph, Proof, Sign, Table

TEXT = "经成员大会表决，通过《白界西四小园建设方案》。所需经费 180000.00 元从公益金列支。"
ALL = [
    Heading("一、事由"), Paragraph(TEXT), Paragraph("顶格", flush=True), Fields([("电话", "0757-85550000"), ("签名", "")]),
    Table(["序号", "姓名"], [["1", "何女士"], ["2", ""]], (1, 3), 10), Boxes(["赞成", "反对"]), Line(2), Cut("沿此线撕下"),
    Sign(["白界西经济社", "2026年7月1日"]), Proof("校验码 7F3K-92QD", "https://town.example/proof/7F3K-92QD", "扫码核对"),
    Break(), Paragraph("第二页"),
]  # fmt: skip


def lines_of(page: object) -> list[float]:
    """Baselines of the lines above the foot, from the top, in points."""
    found: set[float] = set()

    def visit(text: str, cm: list[float], tm: list[float], *_rest: object) -> None:
        if text.strip():
            found.add(round(cm[5] + tm[5], 0))

    page.extract_text(visitor_text=visit)  # type: ignore[attr-defined]
    return sorted((y for y in found if y > 90), reverse=True)


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_page_of_a4_has_twenty_two_lines_of_twenty_eight_characters() -> None:
    reader = PdfReader(io.BytesIO(papers.pdf(Paper("", [Paragraph("议" * 4000)]))))
    lines = lines_of(reader.pages[0])
    assert len(lines) == 22
    assert all(28 <= a - b <= 30 for a, b in itertools.pairwise(lines))
    second = reader.pages[1].extract_text().splitlines()[0]
    assert len(second) == 28
    width, height = (float(n) / 72 * 25.4 for n in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)


@pytest.mark.parametrize("size", ["a4", "large", "a3", "a5"])
def test_everything_is_in_both_files_as_text(size: papers.Size) -> None:
    paper = Paper("决议公开", ALL, kicker="公开", number="G260701-ABCDE", digest="ab" * 32, size=size)
    pdf = PdfReader(io.BytesIO(papers.pdf(paper)))
    said = plain("".join(page.extract_text() for page in pdf.pages))
    word = Document(io.BytesIO(papers.word(paper)))
    written = plain(
        "".join(p.text for p in word.paragraphs) + "".join(c.text for t in word.tables for r in t.rows for c in r.cells)
    )
    written += plain(word.sections[0].footer.paragraphs[0].text)
    for text in (
        "决议公开",
        plain(TEXT),
        "0757-85550000",
        "何女士",
        "赞成",
        "沿此线撕下",
        "白界西经济社",
        "7F3K-92QD",
        "ab" * 32,
        "第二页",
    ):
        assert text in said, text
        assert text in written, text
    assert len(pdf.pages) >= 2 and pdf.metadata and pdf.metadata.title == "决议公开"
    assert "G260701-ABCDE" in said and f"共{len(pdf.pages)}页" in said


def test_the_boards_sheet_is_a3_and_nothing_of_its_text_is_below_24_points() -> None:
    reader = PdfReader(io.BytesIO(papers.pdf(Paper("决议公开", ALL, digest="ab" * 32, size="a3"))))
    assert round(float(reader.pages[0].mediabox[2]) / 72 * 25.4) == 297
    small: set[str] = set()

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip() and size * abs(tm[3] or 1) < 24 and cm[5] + tm[5] > 90:
            small.add(text)

    reader.pages[0].extract_text(visitor_text=visit)
    assert small == set()


def test_the_same_paper_gives_the_same_bytes_and_text_is_never_code() -> None:
    tricky = Paper('#panic("x") *not bold*', [Paragraph("#read(\"/etc/passwd\") $x$ \\ <tag> 'q' ]")])
    assert papers.pdf(tricky) == papers.pdf(tricky)
    said = plain(PdfReader(io.BytesIO(papers.pdf(tricky))).pages[0].extract_text())
    assert '#read("/etc/passwd")' in said and "*notbold*" in said


def test_without_fonts_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    module = importlib.import_module("yishi.core.papers.pdf")
    monkeypatch.setattr(module, "FONTS", tmp_path)
    with pytest.raises(papers.FontsMissing, match="make assets"):
        papers.pdf(Paper("x", []))
