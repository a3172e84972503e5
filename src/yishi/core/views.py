"""Serving kept files, each to those who may see its subject."""

from django.http import FileResponse, HttpRequest, HttpResponseBase

from yishi.core import files
from yishi.core.models import StoredFile
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden


@policy("core.may_open")
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file, if its subject's guard lets this viewer open it; otherwise 404."""
    found = StoredFile.objects.filter(token=token).first()
    if found is None or not files.may_open(request.viewer, found):  # type: ignore[attr-defined]
        raise Refusal(hidden())
    shown = found.kind != StoredFile.Kind.DOCUMENT
    response = FileResponse(
        files.path_of(found).open("rb"), content_type=found.media_type, as_attachment=not shown, filename=found.name
    )
    response["Cache-Control"] = "public, max-age=3600" if found.public else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
