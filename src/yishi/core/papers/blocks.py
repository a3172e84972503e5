"""What a paper is made of. The same blocks are drawn by typst and written by python-docx."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Size = Literal["a4", "a3", "large", "a5"]
"""A4 after GB/T 9704; A3 for the board (24 pt and more); A4 in large print; A5 for ballots."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text; its first line is set in by two characters unless ``flush``."""

    text: str
    flush: bool = False
    strong: bool = False
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the paper, or in the middle of it a second title."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with their values, one a line; an empty value leaves a line to write on."""

    rows: Sequence[tuple[str, str]]
    kind: str = field(default="fields", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; ``widths`` are shares; ``height`` is of a row in millimetres, for what is written by hand."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    height: float = 0
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Choices, each with a box to tick."""

    choices: Sequence[str]
    kind: str = field(default="boxes", init=False)


@dataclass(frozen=True, slots=True)
class Line:
    """Lines to write on."""

    count: int = 1
    kind: str = field(default="line", init=False)


@dataclass(frozen=True, slots=True)
class Cut:
    """A dashed line to tear along, with a word on it."""

    text: str
    kind: str = field(default="cut", init=False)


@dataclass(frozen=True, slots=True)
class Break:
    """What follows begins a new page."""

    kind: str = field(default="break", init=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """How to check it: the code, the address that the QR leads to, and the drawn QR (SVG)."""

    code: str
    url: str
    words: str
    qr: str = ""
    kind: str = field(default="proof", init=False)


@dataclass(frozen=True, slots=True)
class Sign:
    """Who issues it and when, at the right; the seal goes over it. The proof stands beside it, never alone on a page."""

    lines: Sequence[str]
    proof: Proof | None = None
    kind: str = field(default="sign", init=False)


@dataclass(frozen=True, slots=True)
class Keep:
    """Blocks that stand together on one page."""

    blocks: Sequence["Block"]
    kind: str = field(default="keep", init=False)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is one sheet's own: its stub above the line to tear along, and what it says below it."""

    stub: Sequence["Block"]
    own: Sequence["Block"] = ()


@dataclass(frozen=True, slots=True)
class Sheets:
    """Sheets alike but for their slips. The stub is ``height`` millimetres high on every sheet, whatever it says: what
    is torn off is the same size, and the same ``body``, for everyone."""

    slips: Sequence[Slip]
    cut: Cut
    body: Sequence["Block"]
    height: float = 34
    kind: str = field(default="sheets", init=False)


Block = Paragraph | Heading | Fields | Table | Boxes | Sign | Line | Cut | Break | Proof | Keep | Sheets


@dataclass(frozen=True, slots=True)
class Paper:
    """A document. ``digest`` is of the text that it is about and is printed at the foot of every page."""

    title: str
    blocks: Sequence[Block]
    kicker: str = ""
    number: str = ""
    digest: str = ""
    size: Size = "a4"
    language: str = "zh"
    landscape: bool = False

    @property
    def sheets(self) -> Sheets | None:
        """The sheets that it consists of. They bear no page numbers: one would lead from a ballot to its voter."""
        return next((block for block in self.blocks if isinstance(block, Sheets)), None)

    def table(self) -> dict[str, Any]:
        """Plain values for the template."""
        return asdict(self)


def paragraphs(text: str) -> list[Block]:
    """A text with its lines as paragraphs, empty ones left out."""
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]
