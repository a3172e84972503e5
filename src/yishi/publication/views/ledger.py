"""The ledger for programs (tlog-tiles), and a proof for people."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden
from yishi.engines.ledger import NoteError, TileError
from yishi.network.viewers import Viewer
from yishi.publication import selectors, services
from yishi.publication.selectors import ledger

PLAIN, LARGEST = "text/plain; charset=utf-8", 16_384


@policy("public")
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint; 404 before the first entry."""
    newest = ledger.latest_checkpoint()
    if newest is None:
        raise Refusal(hidden())
    response = HttpResponse(newest.note, content_type=PLAIN)
    response["Cache-Control"] = "no-cache"
    return response


@policy("public")
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public key of the checkpoints."""
    return HttpResponse(ledger.public_key() + "\n", content_type=PLAIN)


@policy("public")
@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile or entry bundle; full ones never change."""
    try:
        data = ledger.resource(f"tile/{path}")
    except TileError as error:
        raise Refusal(hidden()) from error
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Cache-Control"] = "public, max-age=300" if ".p/" in path else "public, max-age=31536000, immutable"
    return response


@policy("public")
@csrf_exempt
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponseBase:
    """A known witness puts its cosignature under a checkpoint: the body is the note that it signed."""
    try:
        if len(request.body) > LARGEST:
            raise NoteError("too_large", "文书过大", "the note is too large")
        kept = services.accept_cosignatures(request.body)
    except NoteError as error:
        return JsonResponse({"code": error.code, **error.text}, status=400)
    return HttpResponse(kept.note, content_type=PLAIN)


@policy("public")
@require_safe
def find_proof(request: HttpRequest) -> HttpResponse:
    """Ask for a check code; a known one leads to its proof."""
    code = ledger.plain_code(request.GET.get("code", ""))
    if code:
        try:
            ledger.leaves_of(code)
        except Refusal:
            return render(request, "publication/find_proof.html", {"code": code, "unknown": True})
        return redirect("proof", code)
    return render(request, "publication/find_proof.html", {"key": ledger.public_key()})


@policy("public")
@public_page
@require_safe
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """What is entered under a check code, and that it is in the log, in plain words."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    proofs = ledger.proofs_of(code)
    return render(request, "publication/proof.html", {
        "proofs": proofs, "code": ledger.plain_code(code), "last": proofs[-1], "key": ledger.public_key(),
        "about": selectors.about_of(viewer, proofs[0].leaf), "edition": selectors.edition_of(viewer, proofs[0].leaf),
    })  # fmt: skip


@policy("public")
@require_safe
def proof_json(request: HttpRequest, code: str) -> JsonResponse:
    """The same for programs: entries, proofs, the checkpoint, the key."""
    return JsonResponse({"proofs": [p.as_json() for p in ledger.proofs_of(code) if p.holds]})
