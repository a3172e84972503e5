"""Printed papers: one description of a document, made into PDF and into Word, laid out as official documents are."""

from yishi.core.papers.blocks import (
    Block,
    Boxes,
    Break,
    Cut,
    Fields,
    Heading,
    Line,
    Paper,
    Paragraph,
    Proof,
    Sign,
    Size,
    Table,
)
from yishi.core.papers.pdf import FontsMissing, pdf
from yishi.core.papers.word import word

__all__ = [
    "Block", "Boxes", "Break", "Cut", "Fields", "FontsMissing", "Heading", "Line", "Paper", "Paragraph", "Proof",
    "Sign", "Size", "Table", "pdf", "word",
]  # fmt: skip
