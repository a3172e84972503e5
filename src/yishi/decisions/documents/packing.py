"""Every paper of a decision in one archive, from one button."""

import io
import zipfile

from yishi.core import papers
from yishi.decisions.documents.catalogue import available, get_document
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

STAMP = (2026, 1, 1, 0, 0, 0)  # the same papers give the same archive


def pack_of(decision: Decision, viewer: Viewer, *, inside: bool) -> bytes:
    """PDF and Word of every paper that there is now, numbered in the order of the procedure; of ballots a blank one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (document, paper) in enumerate(available(decision, viewer, inside=inside), 1):
            name = f"{number:02d}-{document.slug}"
            archive.writestr(zipfile.ZipInfo(f"{name}.pdf", STAMP), papers.pdf(paper), zipfile.ZIP_DEFLATED)
            blank = document.single and get_document(decision, viewer, document.slug, word=True)
            word, name = (blank, f"{name}-blank") if blank else (paper, name)
            archive.writestr(zipfile.ZipInfo(f"{name}.docx", STAMP), papers.word(word), zipfile.ZIP_DEFLATED)
    return out.getvalue()
