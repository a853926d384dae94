"""The site in a real browser: from a server and from files, on a phone, in the dark, without a script, on paper."""

from __future__ import annotations

import pytest
from browsers import DESK, DOCUMENTS, PHONE

PAGES = """
    sheets/half-moons sheets/hostile sheets/compost-pit sheets/fish-pond sheets/old-well sheets/lost-dam
    trainings/learn-by-doing trainings/learn-by-doing/print trainings/learn-by-doing/facilitator
    trainings/learn-by-doing/01-listen trainings/learn-by-doing/01-listen/facilitator
    sessions/agroecology/01-first-meeting
    sheets trainings sessions themes themes/soil practices practices/half-moons hazards/drought
    organisations/village-group communities/agroecology countries countries/bf glossary status health fields
    search catalogue catalogue/table map coverage compare
""".split()


def every(url) -> list[str]:
    return [url(path, lang) for lang in ("fr", "en") for path in ("", *PAGES, *DOCUMENTS)]


# ------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_is_wider_than_the_screen(reader, url, viewport):
    wide = {}
    with reader(viewport) as page:
        for address in every(url):
            page.goto(address)
            assert page.locator("h1").is_visible(), address
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wide[address] = over
    assert wide == {}


def test_from_home_to_a_sheet_and_its_translation_at_the_same_section(reader, url):
    with reader() as page:
        page.goto(url())
        page.get_by_role("link", name="Des demi-lunes à Tanlili").click()
        page.wait_for_url(url("sheets/half-moons"))
        assert page.get_by_role("heading", level=1).inner_text() == "Des demi-lunes à Tanlili"
        assert page.locator(".c-cover img").evaluate("image => image.complete && image.naturalWidth > 0")

        page.locator(".c-toc").get_by_role("link", name="Leçons apprises").click()
        page.locator(".c-switch").get_by_role("link", name="EN").click()
        page.wait_for_url(url("sheets/half-moons", "en") + "#lessons")
        assert page.locator("html").get_attribute("lang") == "en"
        heading = page.locator("#lessons")
        assert heading.inner_text().startswith("Lessons learned")
        assert 0 <= heading.bounding_box()["y"] < DESK["height"]

        page.locator(".c-switch").get_by_role("link", name="FR").click()
        page.wait_for_url(url("sheets/half-moons") + "#lessons")


def test_a_note_leads_to_its_source_and_back(reader, url):
    with reader() as page:
        page.goto(url("sheets/half-moons"))
        page.locator("[id='fnref:1'] a").click()
        page.wait_for_url("**#fn:1")
        assert page.locator("[id='fn:1']").evaluate("li => getComputedStyle(li).backgroundColor") != "rgba(0, 0, 0, 0)"
        page.locator("[id='fn:1'] .footnote-backref").click()
        page.wait_for_url("**#fnref:1")


def test_a_former_address_brings_the_reader_to_the_new_one(reader, url):
    with reader() as page:
        page.goto(url("sheets/demi-lunes", "en"))
        page.wait_for_url(url("sheets/half-moons", "en"))


def test_a_lost_visitor_finds_the_way_home(browser, server):
    page = browser.new_page()
    page.goto(f"{server}404.html")
    page.get_by_role("link", name="Home", exact=True).click()
    page.wait_for_url(f"{server}en/")
    page.close()


def test_tabs_show_one_panel_at_a_time(reader, http_url):
    with reader() as page:
        page.goto(http_url("sheets/half-moons", "en"))
        first, second = page.get_by_text("Lay out with a water level."), page.get_by_text("Follow the slope.")
        assert first.is_visible() and not second.is_visible()
        page.get_by_text("By eye").click()
        assert second.is_visible() and not first.is_visible()


# ------------------------------------------------------------------------------------------------ light and dark


def _background(page) -> str:
    return page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")


LIGHT, DARK = "rgb(251, 248, 242)", "rgb(20, 28, 26)"


def test_the_reader_chooses_light_or_dark_and_is_remembered(reader, url):
    with reader(color_scheme="light") as page:
        page.goto(url("sheets/half-moons", "en"))
        assert _background(page) == LIGHT
        page.get_by_role("button", name="Dark display").click()
        assert _background(page) == DARK
        page.goto(url("themes", "fr"))
        assert _background(page) == DARK
        page.get_by_role("button", name="Affichage clair").click()
        assert _background(page) == LIGHT
        page.reload()
        assert _background(page) == LIGHT


def test_without_a_choice_the_system_s_is_taken(reader, http_url):
    with reader(color_scheme="dark") as page:
        page.goto(http_url())
        assert _background(page) == DARK
        page.emulate_media(color_scheme="light")
        assert _background(page) == LIGHT


# Each piece of text against what is painted behind it, as WCAG 2.2 counts it (1.4.3): 4.5, or 3 where it is large.
PALE = r"""() => {
  const rgb = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n.slice(0, 3), 1] : n; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const linear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.slice(0, 3).map(linear); return .2126 * r + .7152 * g + .0722 * b; };
  const pale = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, words = walker.currentNode.data.trim();
    // The mark of a section's own link is faint until it is pointed at: the contents say the same.
    if (!words || element.closest('script, [hidden], .c-permalink, .c-skip, .c-hidden')) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    let fade = 1;
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const own = getComputedStyle(e);
      fade *= Number(own.opacity);
      layers.push(rgb(own.backgroundColor));
    }
    const behind = layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
    const colour = rgb(style.color);
    colour[3] *= fade;
    const [a, b] = [light(over(colour, behind)), light(behind)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + .05) / (b + .05);
    const name = `${element.tagName}.${element.className}: ${words.slice(0, 30)}`;
    if (fade && ratio < (large ? 3 : 4.5)) pale[name] = ratio.toFixed(2);
  }
  return pale;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_background(reader, http_url, scheme):
    pale = {}
    with reader(color_scheme=scheme) as page:
        for path in ("", *PAGES, "contribute"):
            page.goto(http_url(path, "en"))
            pale |= {(path, what): ratio for what, ratio in page.evaluate(PALE).items()}
    assert pale == {}


# ------------------------------------------------------------------------------------------------ phone and keyboard


def test_the_menu_of_a_phone(reader, url):
    with reader(PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(url("sheets/half-moons", "en"))
        menu = page.locator(".c-menu__fold")
        assert not page.locator(".c-menu__row").is_visible()
        assert not menu.get_by_role("link", name="Glossary").is_visible()
        menu.locator("summary").tap()
        menu.get_by_role("link", name="Themes").tap()
        page.wait_for_url(url("themes", "en"))


def test_facts_and_contents_are_folded_on_a_phone_and_open_at_a_tap(reader, http_url):
    with reader(PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(http_url("sheets/half-moons", "en"))
        for name, inside in ((".c-facts", "Farming families"), (".c-toc", "Lessons learned")):
            fold = page.locator(name)
            assert not fold.get_by_text(inside).is_visible()
            fold.locator("summary").tap()
            assert fold.get_by_text(inside).is_visible()


def test_a_term_of_the_glossary_tells_its_meaning_at_a_tap(reader, url):
    with reader(PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(url("sheets/half-moons", "en"))
        here = page.url
        page.locator("a.glossary", has_text="baseline").tap()
        bubble = page.locator(".c-bubble")
        assert "What is measured before one begins." in bubble.inner_text()
        box = bubble.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        assert page.url == here
        bubble.get_by_role("link").tap()
        page.wait_for_url(url("glossary", "en") + "#baseline")


@pytest.mark.parametrize("path", ["", "sheets/half-moons", "contribute"])
def test_the_keyboard_skips_the_menu(reader, http_url, path):
    with reader() as page:
        page.goto(http_url(path, "en"))
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Go to content"
        assert skip.bounding_box()["x"] >= 0 and skip.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.wait_for_url("**#content")
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate("element => !!element.closest('#content')")


def test_the_keyboard_opens_what_is_folded(reader, http_url):
    with reader() as page:
        page.goto(http_url("trainings/learn-by-doing/01-listen", "en"))
        answer = page.get_by_text("An open question begins with")
        assert not answer.is_visible()
        page.locator("summary", has_text="Elements of an answer").focus()
        page.keyboard.press("Enter")
        assert answer.is_visible()


def test_the_address_of_a_page_can_be_copied(reader, http_url):
    with reader(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(http_url("sheets/half-moons", "en"))
        page.get_by_role("button", name="Copy the address").click()
        page.get_by_role("button", name="Address copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "https://kb.example.org/en/sheets/half-moons/"


# ------------------------------------------------------------------------------------------- without a script, on paper


def test_everything_can_be_read_without_a_script(reader, url):
    with reader(PHONE, java_script_enabled=False) as page:
        page.goto(url("sheets/half-moons", "en"))
        for words in ("Half-moons in Tanlili", "Begin before the rains.", "Farming families", "1,250"):
            assert page.get_by_text(words).first.is_visible(), words
        # No button that would do nothing.
        assert page.get_by_role("button").filter(visible=True).count() == 0
        page.locator(".c-menu__fold summary").click()
        page.locator(".c-menu__fold").get_by_role("link", name="Themes").click()
        page.wait_for_url(url("themes", "en"))
        page.locator(".c-switch").get_by_role("link", name="FR").click()
        page.wait_for_url(url("themes"))
        page.goto(url("trainings/learn-by-doing/01-listen", "en"))
        page.get_by_text("Elements of an answer").click()
        assert page.get_by_text("An open question begins with").is_visible()


def test_on_paper_there_is_the_text_and_nothing_to_click(reader, http_url):
    with reader() as page:
        page.goto(http_url("trainings/learn-by-doing/01-listen", "en"))
        page.emulate_media(media="print")
        for gone in (".c-header", ".c-foot", ".c-toc", ".c-actions", ".c-crumbs", ".c-related", ".c-steps", ".c-skip"):
            assert page.locator(gone).filter(visible=True).count() == 0, gone
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.get_by_text("One learns by listening.").is_visible()

        answer = page.get_by_text("An open question begins with")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert answer.is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not answer.is_visible()
