"""Other people's address parsers, run by a Python of their own: `python benchmarks/_address_peers.py`.

Asks come in as JSON lines `{"peer": "cpca", "texts": […]}` and are answered by
`{"seconds": s, "places": [[p, c, d], …]}`; only the parsing is timed. Needs nothing of shiftbot.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

Places = list[tuple[str, str, str]]


def cpca(texts: list[str]) -> tuple[float, Places]:
    """All texts at once, as its manual says."""
    import cpca as library  # noqa: PLC0415

    began = time.perf_counter()
    table = library.transform(texts)
    seconds = time.perf_counter() - began
    columns = [table[name].fillna("") for name in ("省", "市", "区")]
    return seconds, list(zip(*columns, strict=True))


def jionlp(texts: list[str]) -> tuple[float, Places]:
    import jionlp as library  # noqa: PLC0415

    library.parse_location(texts[0])
    began = time.perf_counter()
    found = [library.parse_location(text) for text in texts]
    seconds = time.perf_counter() - began
    return seconds, [(one["province"] or "", one["city"] or "", one["county"] or "") for one in found]


PEERS: dict[str, Callable[[list[str]], tuple[float, Places]]] = {"cpca": cpca, "jionlp": jionlp}


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # jionlp prints greetings
    for line in sys.stdin:
        asked = json.loads(line)
        seconds, places = PEERS[asked["peer"]](asked["texts"])
        print(json.dumps({"seconds": seconds, "places": places}), file=answers, flush=True)


if __name__ == "__main__":
    main()
