"""A window is the same in any browser: what a journey may do in one, it may do in the other."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.journeys.firefox.windows import Firefox
from tests.journeys.windows import ChromiumWindow, Window

PAGE = """document.body.innerHTML = `
  <h1>Hello <span>there</span></h1>
  <label><input type="checkbox"> I agree</label>
  <label for="box">Your words</label> <textarea id="box">old</textarea>
  <p id="shown">Some <b>bold words</b></p>
  <p style="visibility: hidden">Unseen words</p>
  <div role="log" aria-label="What was said"><p>In the log</p></div>
  <button><span aria-hidden="true">x</span>Go <kbd aria-hidden="true">Esc</kbd></button>
  <button hidden>Gone</button>
  <button aria-label="Add a picture">+</button>
  <output></output>`;
document.querySelector("button").onclick = () => document.querySelector("h1").remove();
document.querySelector("[aria-label='Add a picture']").onclick = () => {
  const input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
  input.onchange = () => {
    document.querySelector("output").textContent = [...input.files].map(({ name, size }) => name + size).join();
  };
  input.click();
};
undefined"""


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser | Firefox:
    browser: Browser | Firefox = request.getfixturevalue(request.param)
    return browser


@pytest.fixture
async def window(browser: Browser | Firefox) -> AsyncIterator[Window]:
    context = await browser.new_context()
    page = await context.new_page()
    window = ChromiumWindow(page) if isinstance(page, Page) else page
    await window.evaluate(PAGE)
    yield window
    await context.close()


async def test_it_is_used_by_roles_and_names(window: Window) -> None:
    assert await window.shows("heading", "hello THERE") == "Hello there"
    assert await window.shows("heading", re.compile("^Hello (here|there)$")) == "Hello there"
    for _ in range(2):
        await window.check("I agree")
        assert await window.evaluate("document.querySelector('input').checked") is True
    await window.fill("Your words", "One line,\nand another")
    assert await window.evaluate("document.querySelector('textarea').value") == "One line,\nand another"
    await window.click("textbox", "Your words")
    await window.key("End", box="Your words")
    await window.type("!")
    assert str(await window.evaluate("document.querySelector('textarea').value")).count("!") == 1
    await window.click("button", "Go", exact=True)
    await window.hides("heading", "Hello")
    await window.hides("button", "Gone")


async def test_it_reads_what_can_be_seen(window: Window) -> None:
    await window.reads("bold words")
    await window.reads("in the log", inside="log")
    await window.misses("bold words", inside="log")
    await window.misses("Unseen words")
    with pytest.raises(AssertionError, match="Unseen"):
        await window.reads("Unseen words", within_s=0.2)
    with pytest.raises(AssertionError, match="Hello"):
        await window.hides("heading", "Hello", within_s=0.2)


async def test_files_are_chosen_in_the_dialog_that_a_button_opens(window: Window, tmp_path: Path) -> None:
    paths = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for path in paths:
        path.write_text(path.name)
    await window.choose("Add a picture", paths)
    await window.reads("one.txt7,two.txt7")


async def test_it_tells_what_its_page_complains_of_and_is_drawn_in_its_size(window: Window, tmp_path: Path) -> None:
    await window.resize(390, 700)
    assert await window.evaluate("[innerWidth, innerHeight]") == [390, 700]
    await window.screenshot(tmp_path / "window.png")
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")
    assert window.errors == []
    await window.evaluate("console.error('out of ink')")
    await window.reads("In the log")  # the bridge tells things in their order
    assert window.errors == ["out of ink"]
