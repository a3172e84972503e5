"""Are a graph's coordinates degrees or metres, and do they fit the lengths of its streets?"""

import numpy as np
from numpy.typing import NDArray

from yishi.engines.reach.streets import EARTH, MICRO, Floats, Ints, ReachError

GROSS = 50.0
"""Half the streets this many times as long as their ends are apart, or as short: the two contradict each other."""


def are_degrees(ids: list[str], x: Floats, y: Floats, ends: tuple[Ints, Ints, Ints], named: bool | None) -> bool:
    """Whether x is longitude and y latitude: `named` by the graph's `crs` (None: it says nothing), else where
    all fit. `ends`: both nodes and the length in µm of each street. Raises ReachError for coordinates that
    are no degrees though named so, or that the lengths contradict.
    """
    fit, turned = _fit(x, y), _fit(y, x)
    degrees, exchanged = bool(fit.all()) if named is None else named, bool(turned.all())
    if degrees and not fit.all():
        where = _spelt(ids, x, y, int(np.flatnonzero(~fit)[0]))
        raise ReachError(f"坐标应为经纬度，却超出范围：{where}{_exchanged(exchanged)[0]}。", f"coordinates should be degrees and are out of range: {where}{_exchanged(exchanged)[1]}.")  # fmt: skip
    first, second, length = ends
    other = first != second
    if not other.any() or _agree(x, y, first[other], second[other], length[other], degrees):
        return degrees
    worst = int(np.argmax(np.where(other, length, -1)))
    apart = float(_apart(x, y, first[worst : worst + 1], second[worst : worst + 1], degrees)[0])
    where = _spelt(ids, x, y, int(first[worst]))
    metres, street = length[worst] / MICRO, f"{ids[int(first[worst])][:40]} – {ids[int(second[worst])][:40]}"
    zh = f"街道长度与坐标对不上：{street} 长 {metres:.1f} 米，按坐标两端相距 {apart:.1f} 米（{where}）"
    en = f"lengths and coordinates contradict each other: {street} is {metres:.1f} m long and its ends are {apart:.1f} m apart by their coordinates ({where})"  # fmt: skip
    more = _exchanged(not degrees and exchanged and _agree(y, x, first[other], second[other], length[other], True))
    if not more[0] and _agree(x, y, first[other], second[other], length[other], not degrees):
        more = ("，坐标像是经纬度，请核对 crs", "; the coordinates look like degrees: check crs") if not degrees else ("，坐标像是米，请写明 crs", "; the coordinates look like metres: name their crs")  # fmt: skip
    raise ReachError(f"{zh}{more[0]}。", f"{en}{more[1]}.")


def _fit(x: Floats, y: Floats) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    return found


def _exchanged(likely: bool) -> tuple[str, str]:
    if not likely:
        return "", ""
    return "，x 与 y 像是对调了：x 应为经度，y 应为纬度", "; x and y look exchanged: x is longitude, y latitude"


def _spelt(ids: list[str], x: Floats, y: Floats, node: int) -> str:
    return f"{ids[node][:40]}: x {x[node]:g}, y {y[node]:g}"


def _apart(x: Floats, y: Floats, first: Ints, second: Ints, degrees: bool) -> Floats:
    across, up = x[second] - x[first], y[second] - y[first]
    if degrees:
        up = EARTH * np.radians(up)
        across = EARTH * np.radians(across) * np.cos(np.radians((y[first] + y[second]) / 2))
    return np.hypot(across, up)


def _agree(x: Floats, y: Floats, first: Ints, second: Ints, length: Ints, degrees: bool) -> bool:
    """Streets of no length whose ends are in one place say nothing."""
    long, apart = length / MICRO, _apart(x, y, first, second, degrees)
    telling = (long > 0) | (apart > 0)
    if not telling.any():
        return True
    ratio = float(np.median(long[telling] / np.maximum(apart[telling], 1e-6)))
    return 1 / GROSS <= ratio <= GROSS
