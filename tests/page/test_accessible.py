"""No serious fault that axe knows of, in any view and in both colours."""

from __future__ import annotations

from typing import Any

import pytest
from page_lacking import FRONTEND, Open, lacking
from playwright.sync_api import expect

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"


def faults(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_faults(open_page: Open, ids: dict[str, str], theme: str) -> None:
    if not AXE.is_file():
        lacking("axe-core", "make web brings it, where Node is")
    page = open_page(theme=theme)
    home = page.url.rstrip("/")
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(f"{where}: {fault}" for fault in faults(page))

    expect(page.get_by_role("row").nth(1)).to_be_visible()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="1 failure").click()
    page.get_by_role("button", name="Add a folder").click()
    expect(page.get_by_role("list", name="Failures").get_by_role("listitem")).to_be_visible()
    look("library")
    page.keyboard.press("?")
    look("help")
    page.goto(f"{home}/track/{ids['Paper Boats']}")
    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_role("button", name="Export").click()
    expect(page.locator(".now svg")).to_be_visible()
    look("track")
    page.goto(f"{home}/similar/{ids['Paper Boats']}")
    page.locator("[data-match]").first.get_by_role("button", name="to the playlist").click()
    look("similar")
    page.goto(f"{home}/map")
    expect(page.get_by_role("heading", name="In view: 7")).to_be_visible()
    look("map")
    page.goto(f"{home}/try")
    expect(page.get_by_role("button", name="Record")).to_be_visible()
    look("try")
    assert not wrong, "\n".join(wrong)
