"""Every paper of a decision in one archive, from one button."""

import io
import zipfile

from yishi.core import papers
from yishi.decisions.documents.catalogue import available
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

STAMP = (2026, 1, 1, 0, 0, 0)  # the same papers give the same archive


def pack_of(decision: Decision, viewer: Viewer, *, inside: bool) -> bytes:
    """PDF and Word of every paper that there is now, numbered in the order of the procedure."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (document, paper) in enumerate(available(decision, viewer, inside=inside), 1):
            name = f"{number:02d}-{document.slug}"
            archive.writestr(zipfile.ZipInfo(f"{name}.pdf", STAMP), papers.pdf(paper), zipfile.ZIP_DEFLATED)
            if document.word:
                archive.writestr(zipfile.ZipInfo(f"{name}.docx", STAMP), papers.word(paper), zipfile.ZIP_DEFLATED)
    return out.getvalue()
