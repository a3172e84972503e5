"""``make bench``: every benchmark that ends within minutes, one after the other. Name some to run those alone.

    python benchmarks/run.py web statutory

Each prints ours beside the rival or the floor from one run. The long ones
(a million messages, a million voters) are run by hand; their files say how.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
POSTGRESQL = os.environ.get("YISHI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
BENCHES = {
    "web": ["web.py"],
    "search": ["search.py"],
    "statutory": ["statutory.py"],
    "opinion": ["opinion.py", "--only", "10000"],
    "budget": ["budget.py"],
    "opinion-live": ["opinion_live.py"],
    "opinion-order": ["opinion_order.py"],
    "triage": ["triage_classifier.py"],
    "triage-topics": ["triage_topics.py"],
    "pairing": ["pairing.py"],
    "reach": ["reach.py", "--skip", "pandana"],
    "ballots": ["ballots.py", "--ballots", "5000", "--processes", "8", "--attempts", "2000"],
    "ledger": ["ledger.py"],
    "verify": ["verify.py"],
}


def main() -> int:
    """Run what was named, or everything; returns how many failed."""
    failed = 0
    for name in sys.argv[1:] or BENCHES:
        script, *options = BENCHES[name]
        print(f"\n=== {name}", flush=True)
        failed += subprocess.run([sys.executable, HERE / script, *options], cwd=HERE.parent).returncode != 0
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
