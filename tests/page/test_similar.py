"""What sounds alike: sliders that reorder at once, steering, and a playlist to take away."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from page_lacking import Open
from playwright.sync_api import expect

SONG = "Paper Boats"


def order(page: Any) -> list[str]:
    return [row.get_attribute("data-match") for row in page.locator("[data-match]").all()]


def test_sliders_reorder_without_the_server(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/similar/{ids[SONG]}")
    expect(page.locator("[data-match]")).to_have_count(6)
    before = order(page)
    answers = page.request.get(
        f"{page.url.split('/similar')[0]}/api/tracks/{ids[SONG]}/similar?n=10&candidates=50"
    ).json()
    facets = {one["id"]: one["facets"] for one in [*answers["candidates"], *answers["results"]]}
    page.route("**/similar?*", lambda route: None)  # from here on the server is asked, and never heard
    orders = set()
    for facet in ("Timbre", "Rhythm", "Harmony", "Melody", "Dynamics"):
        page.get_by_role("button", name=f"Only {facet}").click()
        page.wait_for_timeout(60)
        now = order(page)
        values = [facets[one].get(facet.lower(), 0.25) for one in now]
        assert all(a >= b * 0.9 for a, b in itertools.pairwise(values)), facet
        orders.add(tuple(now))
    assert len(orders) > 1
    assert sorted(before) == sorted(now)
    page.get_by_role("slider", name="Rhythm").press("End")
    expect(page.get_by_role("slider", name="Rhythm")).to_have_value("2")


def test_reasons_more_and_less(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/similar/{ids[SONG]}")
    expect(page.locator("[data-match]")).to_have_count(6)
    assert any("both" in text or "similar" in text for text in page.locator(".reasons").all_inner_texts())
    last = page.locator("[data-match]").last
    name = last.get_by_role("link").first.inner_text()
    last.get_by_role("button", name=f"More like {name}").click()
    expect(page.get_by_role("button", name=f"Remove {name}", exact=True)).to_be_visible()
    expect(
        page.locator("[data-match]").filter(has=page.get_by_role("link", name=name, exact=True))
    ).to_have_count(0)
    page.get_by_role("button", name=f"Remove {name}", exact=True).click()
    expect(page.locator("[data-match]")).to_have_count(6)
    first = page.locator("[data-match]").first
    name = first.get_by_role("link").first.inner_text()
    first.get_by_role("button", name=f"Less like {name}").click()
    expect(
        page.locator("[data-match]").filter(has=page.get_by_role("link", name=name, exact=True))
    ).to_have_count(0)


def test_a_playlist_is_made_ordered_and_saved(open_page: Open, ids: dict[str, str], tmp_path: Path) -> None:
    page = open_page(f"/similar/{ids[SONG]}")
    rows = page.locator("[data-match]")
    expect(rows).to_have_count(6)
    names = []
    for n in range(3):
        names.append(rows.nth(n).get_by_role("link").first.inner_text())
        rows.nth(n).get_by_role("button", name="to the playlist").click()
    listed = page.get_by_role("list", name="Playlist")
    expect(listed.get_by_role("listitem")).to_have_count(3)
    listed.get_by_role("button", name=f"Move {names[0]}:").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(listed.get_by_role("listitem").nth(1)).to_contain_text(names[0])
    expect(listed.get_by_role("button", name=f"Move {names[0]}:")).to_be_focused()
    listed.get_by_role("listitem").nth(2).drag_to(listed.get_by_role("listitem").nth(0))
    expect(listed.get_by_role("listitem").nth(0)).to_contain_text(names[2])
    page.reload()
    expect(listed.get_by_role("listitem")).to_have_count(3)
    page.get_by_label("Name", exact=True).fill("Evening")
    with page.expect_download() as got:
        page.get_by_role("button", name="Save as M3U8").click()
    assert got.value.suggested_filename == "Evening.m3u8"
    got.value.save_as(tmp_path / "Evening.m3u8")
    lines = (tmp_path / "Evening.m3u8").read_text().splitlines()
    titles = [line.partition(",")[2] for line in lines if line.startswith("#EXTINF")]
    assert [name in title for name, title in zip((names[2], names[1], names[0]), titles, strict=True)] == [
        True
    ] * 3
    assert all(Path(line).is_file() for line in lines if line and not line.startswith("#"))
