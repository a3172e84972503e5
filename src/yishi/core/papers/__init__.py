"""Printed papers: one description of a document, made into PDF and into Word, laid out as official documents are."""

from yishi.core.papers.blocks import (
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
    Size,
    Slip,
    Table,
)
from yishi.core.papers.pdf import FontsMissing, pdf
from yishi.core.papers.word import word

__all__ = [
    "Block", "Boxes", "Break", "Cut", "Fields", "FontsMissing", "Heading", "Keep", "Line", "Paper", "Paragraph",
    "Proof", "Sheets", "Sign", "Size", "Slip", "Table", "pdf", "word",
]  # fmt: skip
