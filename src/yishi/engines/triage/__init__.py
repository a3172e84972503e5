"""Triage: what a message is about, how urgent it is, whether it was said before and by how many.

    model = train(Labelled(texts, labels)); model.predict(["三桥路公交车班次太少"])[0].label
    urgency_of("楼道里有很浓的煤气味").number; kind_of(text); check_reply(question, reply)
    index = SimilarIndex(); index.add([Message(text)]); TopicMap.build(index).hot()
    duplicates.duplicates(index)

Definition, limits and sources: docs/engines/triage.md. Files are read by `reader` and `tables`; `view` gives
plain data. Names are looked up when they are used: word rules alone need neither NumPy nor SciPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yishi.engines.triage.classifier import Classifier, Prediction
    from yishi.engines.triage.kinds import Kind, kind_of
    from yishi.engines.triage.model_file import ModelFileError, from_bytes, to_bytes
    from yishi.engines.triage.replies import Finding, check_reply
    from yishi.engines.triage.similar import Message, SimilarIndex
    from yishi.engines.triage.topics import Topic, TopicMap
    from yishi.engines.triage.training import Labelled, TrainingError, train, tree_examples
    from yishi.engines.triage.urgency import Urgency, urgency_of

__all__ = [
    "Classifier",
    "Finding",
    "Kind",
    "Labelled",
    "Message",
    "ModelFileError",
    "Prediction",
    "SimilarIndex",
    "Topic",
    "TopicMap",
    "TrainingError",
    "Urgency",
    "check_reply",
    "from_bytes",
    "kind_of",
    "to_bytes",
    "train",
    "tree_examples",
    "urgency_of",
]

_MODULES = {
    "classifier": ("Classifier", "Prediction"),
    "kinds": ("Kind", "kind_of"),
    "model_file": ("ModelFileError", "from_bytes", "to_bytes"),
    "replies": ("Finding", "check_reply"),
    "similar": ("Message", "SimilarIndex"),
    "topics": ("Topic", "TopicMap"),
    "training": ("Labelled", "TrainingError", "train", "tree_examples"),
    "urgency": ("Urgency", "urgency_of"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """A name of the public surface, its module loaded at its first use."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    return found
