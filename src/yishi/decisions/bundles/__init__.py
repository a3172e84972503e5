"""A decision as the bundle that anyone recomputes: rows read into the engine's plain values."""

from yishi.decisions.bundles.material import material_of
from yishi.decisions.bundles.votes import line_of
from yishi.decisions.models import Decision
from yishi.engines.bundle import BundleError, Material, anchored, public_edition, write_files

__all__ = ["anchored_files", "line_of", "material_of", "public_of"]


def public_of(material: Material) -> Material | None:
    """Its public edition; None where a signed vote was closed without commitments."""
    try:
        return public_edition(material)
    except BundleError:
        return None


def anchored_files(decision: Decision) -> list[tuple[str, bytes]]:
    """The files of the decision that the ledger must hold, as far as they are fixed: rolls, ballots and their
    commitments, boxes, results, postings; of both editions, where one has a file in another form."""
    material = material_of(decision, counted_only=False)
    shown = public_of(material)
    certified = bool(decision.items.filter(results__certified_at__isnull=False).exists())
    files = [pair for one in (material, shown) if one is not None for pair in write_files(one).items()]
    return [(n, d) for n, d in dict.fromkeys(files) if anchored(n) and (certified or n != "result.json")]
