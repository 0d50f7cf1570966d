"""``python -m bench [PAGE...]``: measure, and write ``bench/PAGE.md``. Without names, every page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from bench.effects.page import measure_effects
from bench.index import measure_indexing
from bench.loader import measure_loader
from bench.memory import measure_memory
from bench.page import measure_page
from bench.report import Ledger, write_page
from bench.search import measure_search
from bench.startup import measure_startup
from bench.transforms.page import measure_transforms
from bench.unchanged import measure_unchanged
from bench.web import measure_web

PAGES: dict[str, tuple[str, tuple[Callable[[Ledger], str], ...]]] = {
    "startup": ("Starting", (measure_startup,)),
    "index": ("Indexing a collection", (measure_indexing, measure_unchanged)),
    "memory": ("Memory", (measure_memory,)),
    "search": ("Search", (measure_search,)),
    "effects": ("Effects beside other libraries", (measure_effects,)),
    "loader": ("Data for training", (measure_loader,)),
    "web": ("The page's server", (measure_web,)),
    "page": ("The page", (measure_page,)),
    "transforms": ("Transforms beside other libraries", (measure_transforms,)),
}


def main() -> None:
    """Write the pages that were asked for, going on where an earlier run was stopped."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("pages", nargs="*", choices=[[], *PAGES], metavar="PAGE", help=", ".join(PAGES))
    start = time.perf_counter()
    for page in parser.parse_args().pages or PAGES:
        title, parts = PAGES[page]
        print(f"{title.lower()} -> bench/{page}.md", flush=True)
        ledger = Ledger(page)
        write_page(page, f"# {title}", *(part(ledger) for part in parts))
        ledger.close()
    print(f"done in {(time.perf_counter() - start) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
