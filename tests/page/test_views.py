"""Every view opens, in both languages; what is written in files is text and nothing else."""

from __future__ import annotations

import pytest
from page_lacking import Open
from page_server import HOSTILE
from playwright.sync_api import expect

SONG = "Paper Boats"
VIEWS = ("/", "/track/{}", "/similar/{}", "/map", "/try", "/nowhere/at/all")
HEADINGS = {
    "en-GB": ("Library", SONG, f"What sounds like {SONG}", "Map", "Try a sound", "There is nothing here."),
    "ko-KR": (
        "보관함",
        SONG,
        f"{SONG}와(과) 비슷한 곡",
        "지도",
        "소리 들려주기",
        "여기에는 아무것도 없습니다.",
    ),
}


@pytest.mark.parametrize("language", HEADINGS)
def test_every_view_opens_in_every_language(open_page: Open, ids: dict[str, str], language: str) -> None:
    page = open_page(language=language)
    for path, heading in zip(VIEWS, HEADINGS[language], strict=True):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path.format(ids[SONG]))
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_attached()
        assert page.evaluate("document.documentElement.lang") == language[:2]


def test_nothing_scrolls_sideways_on_a_phone(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(width=360, height=720)
    home = page.url.rstrip("/")
    for path, heading in zip(VIEWS, HEADINGS["en-GB"], strict=True):
        page.goto(home + path.format(ids[SONG]))
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_attached()
        page.wait_for_timeout(150)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, path


def test_the_choice_of_language_and_colours_is_kept(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Language: 한국어").click()
    expect(page.get_by_role("heading", name="보관함")).to_be_visible()
    page.get_by_role("button", name="색상: 시스템 설정").click()
    page.get_by_role("button", name="색상: 밝게").click()
    page.reload()
    expect(page.get_by_role("button", name="색상: 어둡게")).to_be_visible()
    assert page.evaluate("document.documentElement.style.colorScheme") == "dark"


def test_hostile_tags_are_shown_as_text(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page()
    home = page.url.rstrip("/")
    row = page.get_by_role("row").filter(has_text="onerror")
    expect(row).to_contain_text(HOSTILE)
    expect(row).to_contain_text("<b>Nobody</b>")
    row.get_by_role("button").first.click()
    expect(page.get_by_role("region", name="Player")).to_contain_text(HOSTILE)
    for path in ("/track/{}", "/similar/{}"):
        page.goto(home + path.format(ids[HOSTILE]))
        expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    page.goto(home + "/map")
    expect(page.get_by_role("list", name="Tracks in view")).to_contain_text(HOSTILE)
    assert page.locator("main img, main script, main b:has-text('Nobody')").count() == 0
    assert "broken" not in page.title()


def test_a_server_that_is_gone_is_said_and_found_again(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("searchbox").fill("x")
    expect(page.get_by_role("alert")).to_contain_text("Sori does not answer")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
