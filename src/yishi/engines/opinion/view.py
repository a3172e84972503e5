"""The map as plain data: what `yishi opinion map --json` prints. Stable from version 1 on."""

from dataclasses import asdict
from typing import Any

import numpy as np

from yishi.engines.opinion import sentences
from yishi.engines.opinion.mapping import MapResult

VERSION = 1
DIGITS = 6


def as_data(result: MapResult) -> dict[str, Any]:
    """Everything in the map; keys of participants and statements are texts, as JSON asks."""
    people = [str(p) for p in result.participants.tolist()]
    open_ones = np.flatnonzero(~result.removed)
    return {
        "version": VERSION,
        "method": result.settings.method,
        "seed": result.settings.seed,
        "summary": sentences.summary(result),
        "counts": _counts(result),
        "groups": {p: None if g < 0 else g for p, g in zip(people, result.groups.tolist(), strict=True)},
        "group_names": [sentences.group_name(g) for g in range(result.centres.shape[0])],
        "group_sizes": result.group_sizes.tolist(),
        "group_centres": _rounded(result.centres),
        "coordinates": dict(zip(people, _rounded(result.coordinates), strict=True)),
        "certainty": dict(zip(people, _rounded(result.certainty), strict=True)),
        "statements": {str(result.statements[j]): _statement(result, int(j)) for j in open_ones},
        "axes": {
            "shares": _rounded(result.axes.shares),
            "strengths": _rounded(result.axes.strengths),
            "residual_below": 1e-9 if result.axes.residual < 1e-9 else result.axes.residual,
        },
        "representative": _representative(result),
        "consensus": _consensus(result),
        "bridging": _bridging(result),
        "priorities": {str(result.statements[j]): round(float(result.priorities[j]), DIGITS) for j in open_ones},
        "uncertainty": uncertainty(result),
    }


def _rounded(values: Any) -> Any:
    return np.round(values, DIGITS).tolist()


def _counts(result: MapResult) -> dict[str, int]:
    return {
        "participants": int((result.vote_counts > 0).sum()),
        "grouped": int((result.groups >= 0).sum()),
        "statements": int(result.voted_on.sum()),
        "votes": int(result.everyone.seen[0, ~result.removed].sum()),
    }


def _statement(result: MapResult, j: int) -> dict[str, Any]:
    everyone, name = result.everyone, result.statements[j].item()
    data = {
        "agree": int(everyone.agree[0, j]),
        "disagree": int(everyone.disagree[0, j]),
        "seen": int(everyone.seen[0, j]),
        "place": _rounded(result.places[j]),
        "extremity": round(float(result.extremity[j]), DIGITS),
        "group_informed_agree": round(float(result.informed[0][j]), DIGITS),
        "group_informed_disagree": round(float(result.informed[1][j]), DIGITS),
    }
    return {**data, "text": result.texts[name]} if name in result.texts else data


def _representative(result: MapResult) -> dict[str, list[dict[str, Any]]]:
    return {
        str(g): [
            {**_plain(asdict(entry)), "sentence": sentences.of_representative(g, entry, result.texts)}
            for entry in entries
        ]
        for g, entries in result.representative.items()
    }


def _consensus(result: MapResult) -> dict[str, list[dict[str, Any]]]:
    return {
        direction: [
            {**_plain(asdict(entry)), "sentence": sentences.of_consensus(entry, result.texts)} for entry in entries
        ]
        for direction, entries in result.consensus.items()
    }


def _bridging(result: MapResult) -> list[dict[str, Any]]:
    return [
        {**_plain(asdict(bridge)), "sentence": sentences.of_bridge(bridge, result.texts)} for bridge in result.bridging
    ]


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Floats rounded, wherever they stand."""
    return {
        k: round(v, DIGITS) if isinstance(v, float) else _plain(v) if isinstance(v, dict) else v
        for k, v in data.items()
    }


def uncertainty(result: MapResult) -> dict[str, Any]:
    """Whether the split is announced, and how every number of groups fared."""
    return {
        "announced": result.announced,
        "splits": {
            str(k): {
                "separation": round(split.separation, DIGITS),
                "replication": None if split.replication is None else _plain(asdict(split.replication)),
            }
            for k, split in result.splits.items()
        },
    }
