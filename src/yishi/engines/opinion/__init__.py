"""Opinion map: votes on statements → places, groups, what sets them apart and what unites them.

    votes = VoteMatrix.from_votes(participants, statements, votes)
    result = map_votes(votes, Settings(seed=0))
    live = OpinionMap(votes); live.update([(participant, statement, 1)]); live.result()

Definition, limits and sources: docs/engines/opinion.md. Files are read by `reader`, Dask arrays
by `distributed`; `view.as_data` is the map as plain data, `scene` and `drawing` its picture.
"""

from yishi.engines.opinion.live import OpinionMap
from yishi.engines.opinion.mapping import MapResult, Settings, map_votes
from yishi.engines.opinion.votes import VoteMatrix

__all__ = ["MapResult", "OpinionMap", "Settings", "VoteMatrix", "map_votes"]
