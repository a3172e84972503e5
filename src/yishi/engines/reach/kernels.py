"""The loops worth compiling: the flood from many starts, its repair by a heap, circles one by one.

A label is `distance << shift | start`: one integer that orders by distance (micrometres), then by the
start's number, so that sums are exact and ties go to the first start. `shift` 0 keeps distances alone.
Plain twins: SciPy's Dijkstra on the same labels (see search.py); the heap runs as it stands in Python.
"""

from typing import Any

import numpy as np

from yishi.engines.compiling import inlined, kernel

NONE = 1 << 62
"""The label of what cannot be reached."""
PATIENCE = 40
"""A flood that settles more than this many times the streets is left to the heap."""


@inlined
def _push(keys: Any, nodes: Any, size: int, key: int, node: int) -> None:
    i = size
    while i > 0:
        above = (i - 1) >> 1
        if keys[above] <= key:
            break
        keys[i], nodes[i] = keys[above], nodes[above]
        i = above
    keys[i], nodes[i] = key, node


@inlined
def _pop(keys: Any, nodes: Any, size: int) -> None:
    """Take the smallest away; `size` is what remains."""
    key, node, i = keys[size], nodes[size], 0
    while 2 * i + 1 < size:
        below = 2 * i + 1
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[i], nodes[i] = keys[below], nodes[below]
        i = below
    keys[i], nodes[i] = key, node


@inlined
def _note(node: int, labels: Any, mark: Any, changed: Any, before: Any, count: int) -> int:
    """Remember a node and its label when it changes for the first time."""
    if mark[node] == 0:
        mark[node] = 1
        changed[count], before[count] = node, labels[node]
        return count + 1
    return count


@kernel
def spread(graph: Any, shift: int, most: int, labels: Any, seeds: Any, heap: Any, trace: Any, count: int) -> int:
    """Improve labels from seeds by Dijkstra's heap; the count of nodes changed so far is returned.

    graph: (starts, ends, lengths); seeds: (nodes, labels); heap: room for every street and seed;
    trace: (mark, changed, before), of which `count` are already used.
    """
    starts, ends, lengths = graph
    keys, nodes = heap
    mark, changed, before = trace
    size = 0
    for j in range(len(seeds[0])):
        node, label = seeds[0][j], seeds[1][j]
        if label <= most and label < labels[node]:
            count = _note(node, labels, mark, changed, before, count)
            labels[node] = label
            _push(keys, nodes, size, label, node)
            size += 1
    while size > 0:
        label, node = keys[0], nodes[0]
        size -= 1
        _pop(keys, nodes, size)
        if label > labels[node]:
            continue
        for p in range(starts[node], starts[node + 1]):
            other, new = ends[p], label + (lengths[p] << shift)
            if new <= most and new < labels[other]:
                count = _note(other, labels, mark, changed, before, count)
                labels[other] = new
                _push(keys, nodes, size, new, other)
                size += 1
    return count


@inlined
def _enqueue(queue: Any, free: int, used: int, slot: int, node: int) -> tuple[int, int]:
    head, following, item = queue
    if free >= 0:
        cell = free
        free = following[cell]
    else:
        cell = used
        used += 1
    item[cell], following[cell] = node, head[slot]
    head[slot] = cell
    return free, used


@inlined
def _wave(graph: Any, shift: int, most: int, labels: Any, done: Any, seeds: Any, bits: int, queue: Any, reached: Any, patience: int) -> int:  # fmt: skip
    """Label from seeds through a ring of buckets, each `1 << bits` wide, corrected until nothing improves.

    The nodes reached are listed in `reached`; their number is returned, or -1 when patience or room ended.
    """
    starts, ends, lengths = graph
    head, following, item = queue
    ring = len(head) - 1
    free, used, count, waiting, now, spent = -1, 0, 0, 0, NONE, 0
    for j in range(len(seeds[0])):
        node, label = seeds[0][j], seeds[1][j]
        if label <= most and label < labels[node]:
            if labels[node] == NONE:
                reached[count] = node
                count += 1
            labels[node] = label
            free, used = _enqueue(queue, free, used, (label >> bits) & ring, node)
            waiting += 1
            now = min(now, label >> bits)
    while waiting > 0:
        slot = now & ring
        while head[slot] >= 0:
            cell = head[slot]
            node = item[cell]
            head[slot], following[cell], free = following[cell], free, cell
            waiting -= 1
            label = labels[node]
            if done[node] == label or spent > patience:
                continue
            done[node] = label
            spent += starts[node + 1] - starts[node]
            for p in range(starts[node], starts[node + 1]):
                other, new = ends[p], label + (lengths[p] << shift)
                if new <= most and new < labels[other]:
                    if free < 0 and used == len(item):  # no room: the heap shall do it
                        spent = patience + 1
                        break
                    if labels[other] == NONE:
                        reached[count] = other
                        count += 1
                    labels[other] = new
                    free, used = _enqueue(queue, free, used, (new >> bits) & ring, other)
                    waiting += 1
        now += 1
    return count if spent <= patience else -1


@kernel
def flood(graph: Any, shift: int, most: int, labels: Any, seeds: Any, bits: int, ring: int) -> bool:
    """Label every node from all seeds at once; False where the heap should do it instead."""
    room = len(graph[1]) + len(seeds[0])
    queue = (np.full(ring, -1, np.int32), np.empty(room, np.int32), np.empty(room, np.int32))
    done, reached = np.full(len(labels), NONE, np.int64), np.empty(len(labels), np.int32)
    patience = PATIENCE * (len(graph[1]) + len(seeds[0]))
    return bool(_wave(graph, shift, most, labels, done, seeds, bits, queue, reached, patience) >= 0)


@kernel
def each_circle(graph: Any, most: int, seeds: Any, bits: int, ring: int, wanted: Any, span: Any, out: Any) -> int:
    """One bounded search for each start of `span` (first, last), writing wanted nodes and distances.

    seeds: (first of each start, nodes, distances); out: (nodes, distances, count of each start).
    Returns how many starts were finished: fewer than asked when `out` is full or patience ended.
    """
    first_seed, seed_nodes, seed_distances = seeds
    size, room = len(graph[0]) - 1, len(graph[1]) + 64
    labels, done = np.full(size, NONE, np.int64), np.full(size, NONE, np.int64)
    reached = np.empty(size, np.int32)
    queue = (np.full(ring, -1, np.int32), np.empty(room, np.int32), np.empty(room, np.int32))
    patience, filled = PATIENCE * len(graph[1]) + 64, 0
    for j in range(span[0], span[1]):
        low, high = first_seed[j], first_seed[j + 1]
        seed = (seed_nodes[low:high], seed_distances[low:high])
        count = _wave(graph, 0, most, labels, done, seed, bits, queue, reached, patience)
        if count < 0 or filled + count > len(out[0]):
            return int(j - span[0])
        begin = filled
        for i in range(count):
            node = reached[i]
            if wanted[node]:
                out[0][filled], out[1][filled] = node, labels[node]
                filled += 1
            labels[node], done[node] = NONE, NONE
        out[2][j - span[0]] = filled - begin
    return int(span[1] - span[0])


@kernel
def withdraw(graph: Any, shift: int, labels: Any, seeds: Any, others: Any, venue: int, trace: Any, edge: Any) -> tuple[int, int]:  # fmt: skip
    """Clear what one start owns and list how its neighbours may take it over.

    seeds: nodes of the start; others: (first of each node, nodes' next, label) as linked lists of all
    starts' seeds; edge: (nodes, labels) written. Returns (nodes cleared, offers written).
    """
    starts, ends, lengths = graph
    mark, changed, before = trace
    head, following, label_of = others
    mask, count, offers = (1 << shift) - 1, 0, 0
    for node in seeds:
        if labels[node] != NONE and (labels[node] & mask) == venue:
            count = _note(node, labels, mark, changed, before, count)
    i = 0
    while i < count:
        node = changed[i]
        for p in range(starts[node], starts[node + 1]):
            other = ends[p]
            if labels[other] != NONE and (labels[other] & mask) == venue:
                count = _note(other, labels, mark, changed, before, count)
        i += 1
    for i in range(count):
        labels[changed[i]] = NONE
    for i in range(count):
        node = changed[i]
        best = NONE
        for p in range(starts[node], starts[node + 1]):
            if labels[ends[p]] != NONE:
                best = min(best, labels[ends[p]] + (lengths[p] << shift))
        seed = head[node]
        while seed >= 0:
            if (label_of[seed] & mask) != venue:
                best = min(best, label_of[seed])
            seed = following[seed]
        if best != NONE:
            edge[0][offers], edge[1][offers] = node, best
            offers += 1
    return count, offers
