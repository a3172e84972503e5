"""Word by python-docx: the same paper, to be edited and printed with the fonts that offices have."""

import io
from collections.abc import Sequence
from copy import deepcopy
from itertools import zip_longest
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yishi.core.papers import blocks
from yishi.core.papers.blocks import Paper

BODY, TITLE = "仿宋", "方正小标宋简体"
CLOSES = ("sign", "keep")
Measures = tuple[float, float, float, tuple[float, float, float, float], tuple[float, float]]
SIZES: dict[str, Measures] = {  # body pt, title pt, pitch pt, margins mm (top, bottom, left, right), page mm
    "a4": (16, 22, 28.95, (37, 35, 28, 26), (210, 297)),
    "large": (22, 30, 36, (25, 25, 22, 22), (210, 297)),
    "a3": (26, 46, 42, (32, 32, 30, 30), (297, 420)),
    "a5": (12, 17, 19, (13, 16, 14, 14), (148, 210)),
}


def word(paper: Paper) -> bytes:
    """The paper as a .docx file."""
    writer = _Writer(paper)
    writer.write_all(paper.blocks)
    out = io.BytesIO()
    writer.document.save(out)
    return out.getvalue()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.body, self.title, self.pitch, margins, page = SIZES[paper.size]
        self.document: Any = Document()
        self.document.core_properties.title = paper.title
        self.document.core_properties.author = ""
        self._page(margins, page)
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(self.body)
        _font(normal.element.get_or_add_rPr(), BODY)
        if paper.kicker:
            self._text(paper.kicker, align=WD_ALIGN_PARAGRAPH.CENTER)
        if paper.title:
            run = self._text(paper.title, align=WD_ALIGN_PARAGRAPH.CENTER, size=self.title)
            _font(run._element.get_or_add_rPr(), TITLE)

    def _page(self, margins: tuple[float, float, float, float], page: tuple[float, float]) -> None:
        section = self.document.sections[0]
        width, height = (page[1], page[0]) if self.paper.landscape else page
        if self.paper.landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            margins = (22, 22, 20, 20)
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)
        foot = section.footer.paragraphs[0]
        digest = f"  SHA-256 {self.paper.digest}" if self.paper.digest else ""
        run = foot.add_run(f"{self.paper.number}{digest}  ")
        run.font.size = Pt(8)
        if self.paper.sheets is None:
            _page_number(foot)

    def _text(
        self, text: str, *, align: Any = None, size: float = 0, bold: bool = False, indent: bool = False,
        cell: Any = None,
    ) -> Any:  # fmt: skip
        paragraph = cell.paragraphs[0] if cell is not None else self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        if cell is None:
            shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            shape.line_spacing = Pt(max(self.pitch, size * 1.4))
        if indent:
            shape.first_line_indent = Pt(2 * self.body)
        if align is not None:
            paragraph.alignment = align
        run = paragraph.add_run(text)
        run.bold = bold
        run.font.size = Pt(size or self.body)
        return run

    def write_all(self, given: Sequence[blocks.Block]) -> None:
        """Write blocks one after another; the end of a text stays with what signs it."""
        for block, following in zip_longest(given, given[1:]):
            before = len(self.document.paragraphs) if following and following.kind in CLOSES else 0
            getattr(self, f"_{block.kind}")(block)
            if before:
                self._together(before)

    def _together(self, since: int) -> None:
        for paragraph in self.document.paragraphs[since:]:
            paragraph.paragraph_format.keep_with_next = True

    def _paragraph(self, block: blocks.Paragraph) -> None:
        self._text(block.text, indent=not block.flush, bold=block.strong)

    def _heading(self, block: blocks.Heading) -> None:
        self._text(block.text, bold=True)

    def _fields(self, block: blocks.Fields) -> None:
        for name, value in block.rows:
            self._text(f"{name}：{value or '＿＿＿＿＿＿＿＿＿＿＿＿'}")

    def _table(self, block: blocks.Table) -> None:
        table = self.document.add_table(rows=1, cols=len(block.head))
        table.style = "Table Grid"
        size = max(10, self.body * 0.72)
        for cell, text in zip(table.rows[0].cells, block.head, strict=True):
            self._text(text, cell=cell, size=size, bold=True)
        if block.rows:
            self._rows(table, block, size)
        self._text("")

    def _rows(self, table: Any, block: blocks.Table, size: float) -> None:
        """One row is made, the others are its copies: making each by itself takes a roll of thousands half a minute."""
        made = table.add_row()
        if block.height:
            made.height = Mm(block.height)
        for cell in made.cells:
            self._text("", cell=cell, size=size)
        pattern = made._tr
        table._tbl.remove(pattern)
        for row in block.rows:
            copied = deepcopy(pattern)
            for cell, text in zip(copied.tc_lst, row, strict=True):
                cell.p_lst[0].r_lst[0].text = text
            table._tbl.append(copied)

    def _boxes(self, block: blocks.Boxes) -> None:
        for choice in block.choices:
            self._text(f"□ {choice}")

    def _sign(self, block: blocks.Sign) -> None:
        before = len(self.document.paragraphs)
        self._text("")
        for line in block.lines:
            self._text(line, align=WD_ALIGN_PARAGRAPH.RIGHT)
        if block.proof:
            self._proof(block.proof)
        self._together(before)

    def _keep(self, block: blocks.Keep) -> None:
        before = len(self.document.paragraphs)
        self.write_all(block.blocks)
        self._together(before)

    def _sheets(self, block: blocks.Sheets) -> None:
        for number, slip in enumerate(block.slips):
            if number:
                self._break(blocks.Break())
            self.write_all([*slip.stub, block.cut, *slip.own, *block.body])

    def _line(self, block: blocks.Line) -> None:
        for _n in range(block.count):
            self._text("＿" * 24)

    def _cut(self, block: blocks.Cut) -> None:
        self._text(f"- - - - - - - - {block.text} - - - - - - - -", align=WD_ALIGN_PARAGRAPH.CENTER, size=9)

    def _break(self, block: blocks.Break) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _proof(self, block: blocks.Proof) -> None:
        self._text(block.words, size=max(9, self.body * 0.62))
        self._text(f"{block.code}  {block.url}", size=max(9, self.body * 0.62))


def _font(properties: Any, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for side in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(side), name)


def _page_number(paragraph: Any) -> None:
    """A field that Word fills with the page's number."""
    run = paragraph.add_run()
    run.font.size = Pt(9)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)
