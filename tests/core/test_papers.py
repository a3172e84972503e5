"""Printed papers: laid out as official documents are, their text selectable, PDF and Word from one description."""

import importlib
import io
import itertools
import re

import pytest
from docx import Document
from pypdf import PdfReader

from yishi.core import papers
from yishi.core.papers import (
    Block,
    Boxes,
    Break,
    Cut,
    Fields,
    Heading,
    Keep,
    Line,
    Paper,
    Paragraph,
    Proof,
    Sheets,
    Sign,
    Slip,
    Table,
)

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


def halves(reader: PdfReader, tear: str) -> list[str]:
    """What each sheet says and draws below the line to tear along: its text, and the marks with their places."""
    found = []
    for page in reader.pages:
        contents = page.get_contents()
        assert contents is not None
        drawn = contents.get_data().decode("latin-1")
        found.append(page.extract_text().split(tear)[1] + drawn[drawn.rindex("\nq ") :])
    return found


def sheets(count: int, choices: int = 3) -> Paper:
    """Ballots whose stubs differ in everything, one of them in length too."""
    slips = [
        Slip([Fields([("存根", f"{n:05d}"), ("名册", "长" * (60 if n == 2 else n))])]) for n in range(1, count + 1)
    ]
    body: list[Block] = [Paragraph("选票", flush=True), Boxes([f"候选人{n}" for n in range(choices)])]
    return Paper("", [Sheets(slips, Cut("沿此线撕下"), body)], number="261001-ABCDE", digest="ab" * 32, size="a5")


def test_below_the_line_every_sheet_is_the_same_and_bears_no_number() -> None:
    paper = sheets(12)
    reader = PdfReader(io.BytesIO(papers.pdf(paper)))
    assert len(reader.pages) == 12
    assert len({plain(p.extract_text().split("沿此线撕下")[0]) for p in reader.pages}) == 12
    found = halves(reader, "沿此线撕下")
    assert len(set(found)) == 1 and "候选人2" in plain(found[0]) and "ab" * 32 in found[0]
    assert not re.search(r"第\s*\d+\s*页", "".join(p.extract_text() for p in reader.pages))
    assert {"/Annots", "/PieceInfo", "/LastModified"}.isdisjoint({key for p in reader.pages for key in p})
    assert {"/PageLabels", "/Outlines", "/Names"}.isdisjoint(reader.trailer["/Root"].keys())
    alike = [tuple(sorted(map(str, p["/Resources"].get("/XObject", {}).values()))) for p in reader.pages]  # type: ignore[attr-defined]
    assert len(set(alike)) == 1
    word = Document(io.BytesIO(papers.word(paper)))
    assert "PAGE" not in word.sections[0].footer._element.xml
    below = "|".join(p.text for p in word.paragraphs).split("沿此线撕下")[1:]
    assert len({b.split("|存根")[0].strip("|- ") for b in below}) == 1


def test_however_many_choices_a_sheet_stays_one_sheet() -> None:
    reader = PdfReader(io.BytesIO(papers.pdf(sheets(3, choices=45))))
    assert len(reader.pages) == 3 and "候选人44" in plain(reader.pages[2].extract_text())


@pytest.mark.parametrize("size", ["a4", "a3"])
def test_signature_and_code_are_never_alone_on_a_sheet(size: papers.Size) -> None:
    proof = Proof("校验码 7F3K-92QD", "https://town.example/proof/7F3K-92QD", "扫码核对", "")
    for count in range(13, 22):
        blocks: list[Block] = [*(Paragraph(f"第{n}段") for n in range(count)), Sign(["经济社", "2026年7月1日"], proof)]
        pages = [
            plain(p.extract_text()) for p in PdfReader(io.BytesIO(papers.pdf(Paper("决议", blocks, size=size)))).pages
        ]
        assert "7F3K-92QD" in pages[-1] and f"第{count - 1}段" in pages[-1], count
    pages = PdfReader(io.BytesIO(papers.pdf(Paper("决议", [*blocks[:16], blocks[-1]], size=size)))).pages  # type: ignore[assignment]
    assert len(pages) == 1


def test_what_is_kept_together_stands_on_one_page() -> None:
    for count in range(16, 23):
        blocks = [
            *(Paragraph("议") for _n in range(count)),
            Keep([Fields([("签名", ""), ("日期", "")]), Sign(["年月日"])]),
        ]
        pages = [plain(p.extract_text()) for p in PdfReader(io.BytesIO(papers.pdf(Paper("", blocks)))).pages]
        assert "签名" in pages[-1] and "年月日" in pages[-1] and "议" in pages[-1], count


@pytest.mark.parametrize("size", ["a4", "a3", "large"])
def test_a_long_value_stays_inside_the_margin(size: papers.Size) -> None:
    blocks = [Fields([("记录校验值", "ab12" * 16)]), Paragraph("校验 " + "cd34" * 16)]
    page = PdfReader(io.BytesIO(papers.pdf(Paper("", blocks, size=size)))).pages[0]
    found: list[tuple[str, float, float]] = []
    page.extract_text(visitor_text=lambda text, cm, tm, _font, pt: found.append((text.strip(), cm[4] + tm[4], pt)))
    long = [(x + len(t) * pt * 0.602, t) for t, x, pt in found if len(t) == 64]
    assert len(long) == 2 and max(long)[0] < float(page.mediabox.right) - 60
