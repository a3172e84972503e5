"""Small questions and their answers by trying everything."""

from itertools import product

from hypothesis import strategies as st

from yishi.engines.pairing import Branch, Community, Each, Problem, Quota, Tie, Weights

SKILLS = ("法律", "医疗", "电工", "教育")
INSTITUTIONS = ("教育局", "卫健局")
AREAS = ("东片", "西片")


@st.composite
def problems(draw, most=3, crossing=False):
    """Questions of at most 4 by 3, with every kind of wish."""
    levels = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), max_size=3)
    places = st.none() | st.tuples(st.integers(0, 3000), st.integers(0, 3000))
    branches = []
    for k in range(draw(st.integers(1, most + 1))):
        low = draw(st.integers(0, 1))
        organ = draw(st.sampled_from(((), *((i,) for i in INSTITUTIONS), ("教育局", "二科"))))
        branches.append(Branch(f"支{k}", draw(levels), organ, low, draw(st.integers(low, 2)), draw(places)))
    communities = []
    for k in range(draw(st.integers(1, most))):
        low = draw(st.integers(0, 1))
        high = draw(st.none() | st.integers(low, 3))
        area = draw(st.sampled_from(((), *((a,) for a in AREAS))))
        communities.append(Community(f"社{k}", draw(levels), area, low, high, draw(places)))
    pairs = [(b.id, c.id) for b in branches for c in communities]
    some = st.frozensets(st.sampled_from(pairs), max_size=2)
    ties = tuple(
        Tie(a, b, draw(st.integers(0, 2)), draw(st.integers(0, 2)), draw(st.none() | st.integers(0, 4000)))
        for a, b in sorted(draw(some))
    )
    names = sorted({n for b in branches for n in (b.id, *b.institution)})
    places_named = sorted({n for c in communities for n in (c.id, *c.area)})
    quotas = []
    for k in range(draw(st.integers(0, 3))):
        low = draw(st.integers(0, 2)) if draw(st.booleans()) else 0
        quotas.append(
            Quota(
                f"额{k}",
                tuple(sorted(draw(st.sets(st.sampled_from(names), max_size=2)))),
                tuple(sorted(draw(st.sets(st.sampled_from(places_named), max_size=2)))),
                draw(st.sampled_from(list(Each))),
                low,
                draw(st.none() | st.integers(low, 3)),
                draw(st.booleans()),
            )
        )
    fixed, forbidden = draw(some), draw(some)
    return Problem(
        tuple(branches),
        tuple(communities),
        ties,
        tuple(quotas),
        fixed,
        forbidden,
        Weights(*(draw(st.integers(0, 3)) for _ in range(4))),
        draw(st.integers(0, 3)),
    )


def keeps(problem, chosen, active=None):
    """Whether a set of pairs keeps every wish, or the active ones by number."""
    return all(holds for number, holds in wishes(problem, chosen) if active is None or number in active)


def wishes(problem, chosen):
    """Number of each wish and whether it holds, counted naively from `Compiled`."""
    from yishi.engines.pairing.network import wish_base

    base, (n, m) = wish_base(problem), problem.shape
    rows, columns = [0] * n, [0] * m
    for i, j in chosen:
        rows[i] += 1
        columns[j] += 1
    for i in range(n):
        yield base["row_low"] + i, rows[i] >= problem.row_low[i]
        yield base["row_high"] + i, rows[i] <= problem.row_high[i]
    for j in range(m):
        yield base["column_low"] + j, columns[j] >= problem.column_low[j]
        yield base["column_high"] + j, columns[j] <= problem.column_high[j]
    for g, group in enumerate(problem.groups):
        members = set(range(n) if group.rows is None else group.rows.tolist())
        places = set(range(m) if group.columns is None else group.columns.tolist())
        inside = [(i, j) for i, j in chosen if i in members and j in places]
        if group.each is Each.TOTAL:
            counts = [len(inside)]
        elif group.each is Each.COMMUNITY:
            counts = [sum(j == place for _, j in inside) for place in places]
        else:
            counts = [sum(i == member for i, _ in inside) for member in members]
        yield base["group_low"] + g, all(c >= group.low for c in counts)
        yield base["group_high"] + g, all(c <= group.high for c in counts)
    for k, key in enumerate(problem.fixed.tolist()):
        yield base["fixed"] + k, divmod(key, m) in chosen
    for k, key in enumerate(problem.forbidden.tolist()):
        yield base["forbidden"] + k, divmod(key, m) not in chosen


def every_plan(problem):
    """All sets of pairs."""
    n, m = problem.shape
    cells = [(i, j) for i in range(n) for j in range(m)]
    for chosen in product((False, True), repeat=len(cells)):
        yield {cell for cell, taken in zip(cells, chosen, strict=True) if taken}


def best_score(problem):
    """The highest score of a plan that keeps everything, or None."""
    scores = (
        sum(int(problem.table[i, j]) for i, j in chosen) for chosen in every_plan(problem) if keeps(problem, chosen)
    )
    return max(scores, default=None)
