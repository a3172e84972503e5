"""A decision as the bundle that anyone recomputes: rows read into the engine's plain values."""

from collections.abc import Mapping

from yishi.decisions.bundles.material import material_of
from yishi.decisions.models import Decision
from yishi.engines.bundle import anchored, write_files

__all__ = ["anchored_files", "material_of"]


def anchored_files(decision: Decision) -> dict[str, bytes]:
    """The files of the decision that the ledger must hold, as far as they are fixed: rolls, ballots, boxes, results, postings."""
    files: Mapping[str, bytes] = write_files(material_of(decision, counted_only=False))
    certified = bool(decision.items.filter(results__certified_at__isnull=False).exists())
    return {n: d for n, d in files.items() if anchored(n) and (certified or n != "result.json")}
