"""The interface's document is current, and the server keeps to it whatever is sent."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from web_client import Client

from sori.app.web.openapi import document

ROOT = Path(__file__).resolve().parents[3]

_SLOW = ("/api/try", "/api/events", "/api/index")
"""What hears music, or never ends: tried one by one in the other files."""

_SCHEMA = schemathesis.openapi.from_dict(json.loads(document()))
_OPERATIONS = [found.ok() for found in _SCHEMA.get_all_operations()]
"""Read while nothing else runs: what is imported here is parsed by pytest, and the parser of CPython 3.11
cannot be used by two threads at once (:mod:`sori.system.parsing`)."""


def test_the_document_is_current() -> None:
    kept = (ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8")
    assert document() == kept, "run: python -m sori.app.web.openapi frontend/openapi.json"


def test_nothing_that_is_sent_makes_it_fail(web: Client, ids: dict[str, str]) -> None:
    assert web.get("/api/openapi.json").json["paths"] == json.loads(document())["paths"]
    names: list[str] = []
    for operation in _OPERATIONS:
        if operation.path.startswith(_SLOW):
            continue
        names.append(operation.label)

        @hypothesis.settings(
            max_examples=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def sent(case: schemathesis.Case) -> None:
            if case.path_parameters and "track_id" in case.path_parameters:
                case.path_parameters["track_id"] = ids["220.flac"]
            case.call_and_validate(
                base_url=web.origin,
                excluded_checks=[
                    schemathesis.checks.positive_data_acceptance,
                    schemathesis.checks.negative_data_rejection,
                    schemathesis.checks.unsupported_method,
                ],
            )

        sent()
    assert len(names) >= 15


def test_every_field_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    shapes = json.loads(document())["components"]["schemas"]
    fields = {name for shape in shapes.values() for name in shape.get("properties", {})}
    assert not sorted(name for name in fields if f"`{name}`" not in glossary)


def test_every_address_is_on_the_page_about_it() -> None:
    text = (ROOT / "docs" / "page.md").read_text(encoding="utf-8")
    for path in json.loads(document())["paths"]:
        name = path.replace("{track_id}", "ID")
        assert name in text or name.partition("/spectrogram/")[0] in text


@pytest.mark.parametrize("path", ["/api/library", "/api/tracks", "/api/tracks/{track_id}/similar"])
def test_every_answer_is_described(path: str) -> None:
    described = json.loads(document())["paths"][path]["get"]
    shape = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert "$ref" in shape
    assert described["description"]
