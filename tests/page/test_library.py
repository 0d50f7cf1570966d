"""The library: search, filters, order, and a hundred thousand rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from page_lacking import Open
from page_server import serving
from playwright.sync_api import expect


def titles(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("[role=row] .names a").all_inner_texts()]


def test_search_filters_and_order(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_role("status").filter(has_text="7 tracks")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("boats")
    expect(page.get_by_role("status").filter(has_text="1 track")).to_be_visible()
    assert titles(page) == ["Paper Boats"]
    page.get_by_role("searchbox").fill("no such song")
    expect(page.get_by_role("heading", name="No track fits")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("status").filter(has_text="7 tracks")).to_be_visible()

    page.get_by_role("columnheader", name="Length").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Length")).to_have_attribute("aria-sort", "ascending")
    cells = page.locator("[data-row] .duration span")
    page.wait_for_function(
        """() => { const cells = [...document.querySelectorAll('[data-row] .duration span')];
        const times = cells.map((cell) => cell.textContent.split(':')).map(([m, s]) => 60 * m + +s);
        return times.length === 7 && times.every((time, i) => !i || times[i - 1] <= time); }"""
    )
    shortest = cells.first.inner_text()
    page.get_by_role("columnheader", name="Length").get_by_role("button").click()
    expect(cells.last).to_have_text(shortest)

    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Tempo from").fill("1000")
    expect(page.get_by_role("heading", name="No track fits")).to_be_visible()
    page.get_by_role("button", name="Clear filters").first.click()
    expect(page.get_by_role("status").filter(has_text="7 tracks")).to_be_visible()
    genre = page.get_by_label("Genre").locator("option").nth(1).get_attribute("value")
    page.get_by_label("Genre").select_option(genre)
    page.wait_for_function("() => document.querySelectorAll('[data-row] .names a').length < 7")
    assert titles(page)


def test_failures_are_listed_with_their_reasons(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="1 failure").click()
    listed = page.get_by_role("list", name="Failures")
    expect(listed).to_contain_text("broken.mp3")
    expect(listed.get_by_role("listitem")).to_have_count(1)
    assert len(listed.inner_text().splitlines()) >= 2  # a reason stands beside the name


def test_a_folder_is_heard_with_progress(open_page: Open, tmp_path: Path, made: Path) -> None:
    """On a server of its own: an empty library says so, then hears what it is told, then shows it."""
    song = next(made.glob("music/*/*.opus"))
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / song.name).write_bytes(song.read_bytes())
    with serving(tmp_path / "empty.db", folders=(tmp_path / "music",)) as address:
        page = open_page(at=address)
        expect(page.get_by_role("heading", name="The library is empty")).to_be_visible()
        page.get_by_label("Folder with music").fill(str(tmp_path / "nowhere"))
        page.get_by_role("button", name="Hear it").click()
        expect(page.locator(".notes .wrong")).to_be_visible()
        page.get_by_label("Folder with music").fill(str(tmp_path / "music"))
        page.get_by_role("button", name="Hear it").click()
        expect(page.get_by_role("row").filter(has_text="Last Tram Home")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_hundred_thousand_rows_scroll(open_page: Open) -> None:
    """As many rows as a large library has: only what is seen is asked for, and made."""
    asked: list[int] = []
    total = 100_000

    def row(number: int) -> dict[str, Any]:
        unknown = ("artist", "album", "genre", "year", "tempo_bpm", "key_tonic", "key_mode", "tuning_hz")
        known = {"id": f"{number:012x}", "path": f"/m/{number}.flac", "title": f"Song {number}"}
        return {
            **known,
            **dict.fromkeys(unknown),
            "loudness_lufs": -14.0,
            "duration_s": 60.0,
            "missing": False,
        }

    def answer(route: Any) -> None:
        words = parse_qs(urlsplit(route.request.url).query)
        offset, limit = int(words["offset"][0]), int(words["limit"][0])
        asked.append(offset)
        shown = [row(number) for number in range(offset, min(total, offset + limit))]
        route.fulfill(json={"schema": 1, "total": total, "offset": offset, "tracks": shown})

    page = open_page("/nowhere")
    page.route("**/api/tracks?*", answer)
    page.get_by_role("link", name="To the library").click()
    expect(page.get_by_role("status").filter(has_text="100,000 tracks")).to_be_visible()
    body = page.locator("[role=rowgroup]")
    for share in (0.5, 0.123, 1.0):
        body.evaluate("(node, share) => { node.scrollTop = share * node.scrollHeight }", share)
        number = min(total - 1, round(share * total) + 3)
        expect(page.locator(f"[data-row='{number}'] a")).to_have_text(f"Song {number}")
        assert page.locator("[data-row]").count() < 80, "only what is seen is made"
    assert len(asked) < 12, "only what is seen is asked for"
    page.locator(f"[data-row='{total - 1}']").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-row='0']")).to_be_focused()
    page.keyboard.press("PageDown")
    page.keyboard.press("j")
    expect(page.locator("[data-row='0']")).not_to_be_focused()
    assert page.evaluate("Number(document.activeElement.dataset.row)") > 5
