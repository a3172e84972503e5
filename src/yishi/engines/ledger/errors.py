"""What can be wrong with a log, a proof or a note: each with a code and a sentence in both languages."""

from yishi.engines.words import Text, say


class LedgerError(ValueError):
    """Something of the ledger that does not hold. `code` names it for programs, `text` for people."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.text: Text = say(zh, en)
        super().__init__(en)


class ProofError(LedgerError):
    """A proof that does not prove what it is said to prove, or that cannot exist."""


class TileError(LedgerError):
    """A path, tile or entry bundle that the format does not allow or the log does not hold."""


class NoteError(LedgerError):
    """A signed note, key or checkpoint that cannot be read or is not signed by whom it should be."""


class StoreMoved(LedgerError):
    """Another writer appended first: load the state again and repeat."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            "moved",
            f"日志已有 {found} 条，不是 {expected} 条：请重新读取后再追加",
            f"the log holds {found} entries, not {expected}: load it again, then append",
        )
