"""A load generator from the standard library: keep-alive clients on raw sockets, bounded in time.

It costs the machine the same for every server that it measures, so that only
ratios within one run are meaningful. It talks to 127.0.0.1 alone.
"""

import multiprocessing
import socket
import threading
import time
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Outcome:
    """Answers a second, milliseconds at the middle and at the 99th of a hundred, wrong answers."""

    rate: float
    middle: float
    tail: float
    wrong: int


def _client(port: int, request: bytes, until: float, times: list[float], wrong: list[int]) -> None:
    link = socket.create_connection((HOST, port), timeout=30)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while time.perf_counter() < until:
        start = time.perf_counter()
        link.sendall(request)
        head = link.recv(65536)
        while b"\r\n\r\n" not in head:
            head += link.recv(65536)
        top, _, body = head.partition(b"\r\n\r\n")
        left = _length(top) - len(body)
        while left > 0:
            left -= len(link.recv(65536))
        times.append(time.perf_counter() - start)
        if not head.startswith(b"HTTP/1.1 200"):
            wrong.append(1)
    link.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _process(port: int, request: bytes, clients: int, seconds: float, out: "multiprocessing.Queue") -> None:
    times: list[float] = []
    wrong: list[int] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_client, args=(port, request, until, times, wrong)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((times, len(wrong)))


def measure(port: int, path: str, *, clients: int = 16, seconds: float = 4.0, headers: str = "") -> Outcome:
    """Ask ``path`` with so many clients for so long."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n{headers}\r\n"
    ).encode()
    out: multiprocessing.Queue = multiprocessing.Queue()
    half = max(1, clients // 2)
    parts = [multiprocessing.Process(target=_process, args=(port, request, half, seconds, out)) for _ in range(2)]
    for part in parts:
        part.start()
    answers = [out.get() for _ in parts]
    for part in parts:
        part.join()
    times = sorted(t for answer in answers for t in answer[0])
    if not times:
        return Outcome(0, 0, 0, sum(a[1] for a in answers))
    return Outcome(
        len(times) / seconds, times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3,
        sum(a[1] for a in answers),
    )  # fmt: skip
