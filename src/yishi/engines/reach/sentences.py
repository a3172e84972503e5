"""What the numbers say, in both languages. Distances and times are rounded up, so no one just outside
is shown as just inside."""

from fractions import Fraction

from yishi.engines.reach.streets import MICRO
from yishi.engines.words import Text, say

SNAP = say(
    "人和点位都放到最近的街道点上，离街道的距离也要走；距离以微米整数相加，不超过限度即算可到。",
    "people and venues are put on the nearest point of a street, and the way off the street is walked too; distances "
    "are whole micrometres, and within the limit is inside.",
)
FAR_OFF_METRES = 200


def metres(distance: int) -> float:
    """µm as metres, exact to the micrometre."""
    return distance / MICRO


def tenths(distance: int) -> str:
    """Metres to one decimal, rounded up."""
    return f"{-(-distance * 10 // MICRO) / 10:.1f}"


def minutes_of(distance: int, speed: Fraction) -> str:
    """Minutes to one decimal, rounded up."""
    exact = Fraction(distance, MICRO) / speed / 60
    return f"{-(-exact * 10 // 1) / 10:.1f}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal, rounded down (100.0 only when all)."""
    return f"{part * 1000 // whole / 10:.1f}" if whole else "0.0"


def plain(number: Fraction) -> str:
    """A number without trailing zeros."""
    return f"{float(number):g}"


def not_covered(distance: int, limit: int, speed: Fraction, venue: str, any_venue: bool) -> Text:
    """Why a person is not covered."""
    if not any_venue:
        return say("没有符合条件的点位", "no venue counts")
    if distance < 0:
        return say("所在街道与任何点位都不连通", "the street there is not connected with any venue")
    far, time, more = tenths(distance), minutes_of(distance, speed), tenths(distance - limit)
    return say(
        f"到最近的“{venue}”要走 {far} 米、{time} 分钟，超出 {more} 米",
        f"{far} m and {time} min to the nearest, “{venue}”, {more} m too far",
    )


def whole(covered: int, people: int, minutes: Fraction, farthest: int) -> Text:
    """The first sentence of an answer."""
    left = people - covered
    zh = f"{people} 人中 {covered} 人步行 {plain(minutes)} 分钟内可到（{percent(covered, people)} %）"
    en = f"{covered} of {people} people reach a venue on foot within {plain(minutes)} min ({percent(covered, people)} %)"  # fmt: skip
    if not left:
        return say(zh + "。", en + ".")
    zh, en = zh + f"；{left} 人不能", en + f"; {left} do not"
    if farthest > 0:
        zh, en = zh + f"，最远 {tenths(farthest)} 米", en + f", the farthest {tenths(farthest)} m away"
    return say(zh + "。", en + ".")


def sited(covered: int, before: int, people: int, k: int, gap: Fraction, missing: int, candidates: int) -> Text:
    """The first sentence of a siting; `missing`: how many more were asked for than add anyone."""
    if not k:
        return say(
            f"再设点位不会多一个人可到：可到的仍是 {before} 人（共 {people} 人）。",
            f"No further venue adds anyone: {before} of {people} people are covered, as before.",
        )
    up = f"{float(-(-gap * 10_000 // 1)) / 100:.2f}"
    zh_gap = "已证明最优" if not gap else f"离最优至多差 {up} %"
    en_gap = "proven best" if not gap else f"at most {up} % from the best"
    only = ("", "")
    if missing > 0 and k == candidates:
        only = (f"候选点只有 {candidates} 处。", f" There are only {candidates} candidates.")
    elif missing > 0:
        only = ("再多设也不会多一个人可到。", " No further venue adds anyone.")
    return say(
        f"再设 {k} 处，可到的由 {before} 人增到 {covered} 人（共 {people} 人）；{zh_gap}。{only[0]}",
        f"{k} more venue{'s' if k > 1 else ''} raise{'' if k > 1 else 's'} those covered from {before} to {covered} of "
        f"{people} people; {en_gap}.{only[1]}",
    )


def moved(venue: str, won: int, lost: int, nearer: int, farther: int) -> Text:
    """The first sentence of a move."""
    return say(
        f"移动“{venue}”：{won} 人变为可到，{lost} 人变为不可到；{nearer} 人走得更近，{farther} 人走得更远。",
        f"Moving “{venue}”: {won} people become covered, {lost} cease to be; {nearer} walk less, {farther} more.",
    )


def shifted_coordinates(share: str) -> Text:
    """Said when many stand far from any street."""
    return say(
        f"{share} % 的地点离街道 {FAR_OFF_METRES} 米以上：坐标应为 WGS84，高德、腾讯（GCJ-02）或百度（BD-09）的坐标要先换算。",
        f"{share} % of the places are over {FAR_OFF_METRES} m off any street: coordinates should be WGS84; those of "
        "Amap, Tencent (GCJ-02) or Baidu (BD-09) must be converted first.",
    )
