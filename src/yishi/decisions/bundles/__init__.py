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
    commitments, boxes, results, postings; of both editions, where each has its own form of one."""
    material = material_of(decision, counted_only=False)
    shown = public_of(material)
    certified = bool(decision.items.filter(results__certified_at__isnull=False).exists())
    both = [write_files(one) for one in (material, shown) if one is not None]
    pairs = dict.fromkeys((name, files[name]) for files in both for name in anchored(files))
    return [pair for pair in pairs if certified or pair[0] != "result.json"]
