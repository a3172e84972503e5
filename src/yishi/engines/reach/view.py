"""Answers as data: plain dictionaries for JSON, with sentences in both languages."""

from collections import defaultdict
from typing import Any

import numpy as np

from yishi.engines.reach.coverage import Change, Coverage
from yishi.engines.reach.points import Points
from yishi.engines.reach.question import Asked, Town
from yishi.engines.reach.sentences import (
    FAR_OFF_METRES,
    SNAP,
    metres,
    minutes_of,
    moved,
    not_covered,
    percent,
    plain,
    shifted_coordinates,
    sited,
    whole,
)  # fmt: skip
from yishi.engines.reach.siting import Siting
from yishi.engines.reach.streets import MICRO, Ints, Streets
from yishi.engines.words import Text

Data = dict[str, Any]
SHARE_FAR_OFF = 10


def asked_data(asked: Asked) -> Data:
    """The question, as it was understood."""
    until = f"/{asked.until:%Y-%m-%d %H:%M}" if asked.until else ""
    return {
        "minutes": plain(asked.minutes),
        "speed": plain(asked.speed),
        "limit_m": metres(asked.limit),
        "service": asked.service or None,
        "at": f"{asked.at:%Y-%m-%d %H:%M}{until}" if asked.at else None,
        "rule": SNAP,
    }


def coverage_data(town: Town, asked: Asked, coverage: Coverage, rows: Ints, why: dict[int, Text], everyone: bool) -> Data:  # fmt: skip
    """Who is covered and who is not: by person, by place and building, by venue."""
    weights, covered, distance = town.people.weights, coverage.covered, coverage.distance
    left = np.flatnonzero(~covered)
    far = distance[left]
    data: Data = {
        "sentence": whole(int(weights[covered].sum()), int(weights.sum()), asked.minutes, int(far.max(initial=-1))),
        "question": asked_data(asked),
        "people": int(weights.sum()),
        "covered": int(weights[covered].sum()),
        "uncovered": [_person(town, coverage, rows, int(i)) for i in left.tolist()],
        "places": _by_place(town, covered, buildings=False) if any(town.people.places) else [],
        "buildings": _by_place(town, covered, buildings=True) if any(town.people.buildings) else [],
        "venues": _venues(town, coverage, rows, why),
        "notes": _notes(town),
    }
    if everyone:
        data["everyone"] = [_person(town, coverage, rows, i) for i in range(len(town.people))]
    return data


def _person(town: Town, coverage: Coverage, rows: Ints, i: int) -> Data:
    people, label = town.people, int(coverage.person_label(i))
    distance, venue = (-1, "") if label < 0 else (label >> coverage.shift, town.venues.names[int(rows[label & ((1 << coverage.shift) - 1)])])  # fmt: skip
    limit, speed = int(town.limits[i]), town.speeds[i]
    inside = 0 <= distance <= limit
    return {
        "row": people.rows[i],
        "name": people.names[i],
        "place": people.places[i],
        "building": people.buildings[i],
        "people": people.counts[i],
        "speed": plain(speed),
        "limit_m": metres(limit),
        "distance_m": None if distance < 0 else metres(distance),
        "minutes": None if distance < 0 else minutes_of(distance, speed),
        "venue": venue or None,
        "off_street_m": metres(int(town.people_points.off[i])),
        "covered": inside,
        "reason": None if inside else not_covered(distance, limit, speed, venue, len(rows) > 0),
    }


def _by_place(town: Town, covered: Any, buildings: bool) -> list[Data]:
    total: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    people = town.people
    for i, inside in enumerate(covered.tolist()):
        key = (people.places[i], people.buildings[i]) if buildings else (people.places[i],)
        total[key][0] += people.counts[i]
        total[key][1] += people.counts[i] if inside else 0
    found = [
        {"place": key[0], **({"building": key[1]} if buildings else {}), "people": n, "covered": c, "uncovered": n - c, "percent": percent(c, n)}
        for key, (n, c) in total.items()
    ]  # fmt: skip
    return sorted(found, key=lambda f: (-int(f["uncovered"]), str(f["place"]), str(f.get("building"))))


def _venues(town: Town, coverage: Coverage, rows: Ints, why: dict[int, Text]) -> list[Data]:
    nearest = np.zeros(len(rows) + 1, np.int64)
    inside = coverage.covered
    np.add.at(nearest, coverage.venue[inside], town.people.weights[inside])
    by = dict(zip(rows.tolist(), nearest.tolist(), strict=False))
    return [
        {
            "name": town.venues.names[i],
            "counted": i in by,
            "reason": why.get(i),
            "off_street_m": metres(int(town.venue_points.off[i])),
            "people": by.get(i, 0),
        }
        for i in range(len(town.venues))
    ]


def _notes(town: Town) -> list[Text]:
    off = np.concatenate([town.people_points.off, town.venue_points.off])
    far = int((off > FAR_OFF_METRES * MICRO).sum())
    return [shifted_coordinates(percent(far, len(off)))] if far * 100 >= SHARE_FAR_OFF * len(off) and far else []


def place_data(streets: Streets, points: Points, i: int) -> Data:
    """Where a point is: degrees (or the graph's metres), and its node where it is one."""
    if streets.plane:
        east, north = streets.plane.degrees(points.x[i : i + 1], points.y[i : i + 1])
        place: Data = {"lon": round(float(east[0]), 7), "lat": round(float(north[0]), 7)}
    else:
        place = {"x": round(float(points.x[i]), 3), "y": round(float(points.y[i]), 3)}
    return place | ({"node": streets.ids[int(points.first[i])]} if points.street[i] < 0 else {})


def siting_data(town: Town, asked: Asked, found: Siting, names: list[str], points: Points, before: int, wanted: int) -> Data:  # fmt: skip
    """The chosen places in order, what each adds (those that add nobody are left out), and how good the choice is."""
    people, total = int(town.people.weights.sum()), before
    chosen = []
    for candidate, gain in found.useful:
        total += gain
        chosen.append({"name": names[candidate], "adds": gain, "covered": total, "percent": percent(total, people)} | place_data(town.streets, points, candidate))  # fmt: skip
    return {
        "sentence": sited(
            total, before, people, len(chosen), found.gap, missing=wanted - len(chosen), candidates=len(names)
        ),
        "question": asked_data(asked),
        "people": people,
        "covered_before": before,
        "covered_after": total,
        "chosen": chosen,
        "certificate": {"adds": found.covered, "at_most": found.bound, "gap": float(found.gap), "by": found.by},
        "notes": _notes(town),
    }


def change_data(town: Town, asked: Asked, change: Change, venue: int, to: Data, covered: tuple[int, int]) -> Data:
    """Who wins and who loses by a move."""
    weights = town.people.weights
    groups = {name: getattr(change, name) for name in ("won", "lost", "nearer", "farther")}
    sums = {name: int(weights[rows].sum()) for name, rows in groups.items()}
    place = {int(p): n for n, p in enumerate(change.people.tolist())}

    def listed(rows: Ints) -> list[Data]:
        return [
            {"row": town.people.rows[i], "name": town.people.names[i], "place": town.people.places[i], "people": town.people.counts[i],
             "before_m": _or_none(change.before[place[i]]), "after_m": _or_none(change.after[place[i]])}
            for i in rows.tolist()
        ]  # fmt: skip

    return {
        "sentence": moved(town.venues.names[venue], *sums.values()),
        "question": asked_data(asked),
        "venue": town.venues.names[venue],
        "from": place_data(town.streets, town.venue_points, venue),
        "to": to,
        "covered_before": covered[0],
        "covered_after": covered[1],
        "people": sums,
        "won": listed(change.won),
        "lost": listed(change.lost),
        "nearer": listed(change.nearer),
        "farther": listed(change.farther),
        "notes": _notes(town),
    }


def _or_none(distance: Any) -> float | None:
    return None if distance < 0 else metres(int(distance))
