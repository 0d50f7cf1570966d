"""The interface as a document: ``python -m sori.app.web.openapi FILE`` writes it as OpenAPI."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from sori.app.web.application import make_application
from sori.app.web.settings import Settings

__all__ = ["document", "main"]


def document() -> str:
    """Return the OpenAPI document as JSON text."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=str(Path(folder) / "library.db"), cache=Path(folder) / "cache")
        application = make_application(settings)
        application.state.service.shelf.catalog.__exit__()
        described = application.openapi()
    described["info"]["version"] = "1"  # of the interface: it does not change with every release
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the document to the file that is named, or to standard output."""
    text = document()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
