"""A bundle recomputed from nothing but its files: every check, and whether all of them hold."""

from collections.abc import Iterator, Mapping

from yishi.engines.bundle.anchoring import check_ledger
from yishi.engines.bundle.finding import Finding
from yishi.engines.bundle.manifest import NAME, Tick, changed, read_manifest, version_of
from yishi.engines.bundle.model import BundleError, Check, Material, Report
from yishi.engines.bundle.papers import (
    check_motion,
    check_notices,
    check_publications,
    check_replay,
    check_results,
    readable,
)
from yishi.engines.bundle.reading import read_material
from yishi.engines.bundle.replaying import Replay, replay_events
from yishi.engines.bundle.voting import check_votes
from yishi.engines.ledger import PublicKey
from yishi.engines.procedure.reports import report
from yishi.engines.words import say


def _quiet(_: int) -> None:
    """No progress is shown."""


def verify_bundle(
    files: Mapping[str, bytes], keys: Mapping[str, PublicKey] | None = None, tick: Tick = _quiet
) -> Report:
    """Check everything that the files of a bundle say. Never raises for what they hold.

    `keys` are public keys of logs by origin that the checker trusts beforehand; `tick` is called
    with the bytes done as the files are read.
    """
    checks = list(_sealed(files, tick))
    try:
        material, roots = read_material(files)
        if version_of(files) not in (None, material.version):
            raise BundleError(NAME, "清单写的版本与文件不符", "the manifest is of another version than the files")
        replay = replay_events(material)
    except BundleError as error:
        return Report("", (*checks, readable(error)))
    checks += _contents(material, roots, files, replay)
    checks += check_ledger(material, files, keys or {})
    results = report(replay.case)["results"]
    return Report(replay.case.decision.title, tuple(checks), tuple(results))


def _sealed(files: Mapping[str, bytes], tick: Tick) -> Iterator[Check]:
    """The manifest is whole, and every file is as it says."""
    manifest, finding = Finding("manifest", NAME), Finding("files", NAME)
    try:
        _, described = read_manifest(files.get(NAME, b""))
    except BundleError as error:
        manifest.broken(error)
        yield manifest.check(say("", ""))
        return
    yield manifest.check(say(f"{len(described)} 个文件", f"{len(described)} files"))
    for where in changed(files, described, tick):
        finding.add(where, f"{where} 与清单不一致", f"{where} is not as the manifest says")
    yield finding.check(say("每个文件都与清单一致", "every file is as the manifest says"))


def _contents(
    material: Material, roots: Mapping[str, str], files: Mapping[str, bytes], replay: Replay
) -> Iterator[Check]:
    yield check_replay(replay)
    motion = check_motion(material, replay)
    if motion is not None:
        yield motion
    yield from check_notices(material, replay)
    yield from check_votes(material, roots, files, replay)
    yield check_results(material, replay)
    yield from check_publications(material, replay)
