"""Papers of a decision, each from one description, as PDF and Word, singly or as a pack."""

from yishi.decisions.documents.catalogue import DOCUMENTS, Document, available, get_document
from yishi.decisions.documents.packing import pack_of

__all__ = ["DOCUMENTS", "Document", "available", "get_document", "pack_of"]
