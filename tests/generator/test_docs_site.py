"""The reference as a web site: what it holds, and how it works in a browser, from files."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urldefrag

import pytest
from click.testing import CliRunner
from generator.kit import HEAD, ROOT, SECOND, SPEC, python

pytest.importorskip("sphinx", reason="wxsocket[docs] is not installed")
pytest.importorskip("furo", reason="wxsocket[docs] is not installed")

from wxgen.cli import main
from wxgen.docs.site import MARKER, build
from wxgen.pipeline import read_api
from wxgen.python import pythonize

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

FLAGS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVIL: Final = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)> `<b>`"


def site_of(spec: Path) -> dict[str, bytes]:
    return build(pythonize(read_api(spec)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = python("-m", "wxgen", "docs", SPEC, "-o", folder, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


class Links(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors.add(found.get("id", ""))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in {"script", "img", "iframe"} and "src" in found:
            self.loaded.append(found["src"])
        elif tag == "link" and found.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loaded.append(found["href"])


def check_links(folder: Path) -> int:
    pages = {file: Links(file.read_text(encoding="utf-8")) for file in folder.rglob("*.html")}
    count = 0
    for file, page in pages.items():
        for uri in page.loaded:
            assert "//" not in uri, (file, uri)
            assert (file.parent / uri.partition("?")[0]).is_file(), (file, uri)
        for uri in page.links:
            if re.match(r"https://", uri):
                continue
            path, anchor = urldefrag(uri)
            target = (file.parent / unquote(path)).resolve() if path else file
            assert target in pages, (file, uri)
            assert not anchor or unquote(anchor) in pages[target].anchors, (file, uri)
            count += 1
    return count


# Without a browser.


def test_every_link_leads_somewhere(site: Path) -> None:
    assert check_links(site.resolve()) > 200


def test_chapters_have_folders_and_their_links_lead_somewhere(tmp_path: Path) -> None:
    (tmp_path / "disk.yaml").write_text(
        re.sub(r"(?m)^namespace: .*\n", "", SECOND.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"{HEAD}package: two\nnamespace: wx\nchapters:\n  disk: disk.yaml\n", "utf-8")
    files = site_of(spec)
    assert {"index.html", "disk/index.html", "disk/types.html", "disk/limits.html"} <= set(files)
    for path, data in files.items():
        target = tmp_path / "site" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert check_links((tmp_path / "site").resolve()) > 100


def test_the_same_spec_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    done = python("-m", "wxgen", "docs", SPEC, "-o", tmp_path, cwd=ROOT, PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    files = [file.relative_to(site) for file in site.rglob("*") if file.is_file()]
    assert len(files) > 20
    for file in files:
        assert (tmp_path / file).read_bytes() == (site / file).read_bytes(), file


def test_a_call_is_shown_in_both_styles_and_in_javascript(site: Path) -> None:
    page = (site / "Wx.html").read_text(encoding="utf-8")
    section = page.partition('<section id="connectSocket">')[2].partition("</section>")[0]
    text = re.sub(r"<[^>]+>", "", section).replace("&quot;", '"').replace("&#39;", "'")
    assert 'task = wx.connectSocket(\n    url="wss://example.com/chat",' in text
    assert 'task = wx.connectSocket(\n    ConnectSocketOption(\n        url="wss:' in text
    assert 'const task = wx.connectSocket({\n  url: "wss://example.com/chat",' in text
    assert "fail(res) { console.error(res.errMsg) }" in text
    assert "Section of the document: connectSocket" in text
    assert "MAX_LINKS = 5" in text


def test_text_of_a_spec_stays_text(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    call = {
        "description": EVIL,
        "section": EVIL,
        "support": "none",
        "cautions": [EVIL],
        "oddities": [EVIL],
        "behaviour": [EVIL],
        "failures": [{"errMsg": EVIL, "when": EVIL}],
        "option": {
            "properties": {"a": {"type": "string", "description": EVIL, "example": EVIL}},
            "success": "R",
        },
    }
    result = {"a": {"type": "string", "description": EVIL}}
    values = [{"value": EVIL, "description": EVIL}]
    whole: dict[str, Any] = {
        "wxgen": 1,
        "package": "evil",
        "title": EVIL,
        "description": EVIL,
        "section": EVIL,
        "namespace": "wx",
        "cautions": [EVIL],
        "constants": {"A": {"value": EVIL, "description": EVIL, "section": EVIL}},
        "types": {
            "R": {"description": EVIL, "section": EVIL, "properties": result},
            "E": {"description": EVIL, "section": EVIL, "values": values},
        },
        "functions": {"f": call},
    }
    spec.write_text(json.dumps(whole), encoding="utf-8")
    files = site_of(spec)
    shown = 0
    for path, data in files.items():
        text = data.decode("utf-8", "replace")
        if path.endswith(".html"):
            assert "<script>document.title" not in text
            assert "<img src" not in text
            shown += text.count("document.title")
        elif path == "searchindex.js":
            assert text.startswith("Search.setIndex({")
            json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert shown > 15


def docs(*arguments: object) -> tuple[int, str]:
    """Run the command in this process: its exit status, and what it prints."""
    done = CliRunner().invoke(main, ["docs", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_wrong_spec_leaves_the_folder_alone(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"{HEAD}functions: 1\n", encoding="utf-8")
    status, output = docs(spec, "-o", tmp_path / "site")
    assert status == 2
    assert output.startswith(f"{spec}:5:")
    assert not (tmp_path / "site").exists()


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    status, output = docs(SPEC, "-o", tmp_path)
    assert status == 2
    assert "name another folder: -o DIR" in output
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_second_site_replaces_the_first(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    (folder / "CNAME").write_text("mine", encoding="utf-8")
    (folder / "old").mkdir()
    (folder / "old" / "page.html").write_text("old", encoding="utf-8")
    with (folder / MARKER).open("a", encoding="utf-8") as marker:
        marker.write("old/page.html\n../outside\n")
    (tmp_path / "outside").touch()
    assert docs(SPEC, "-o", folder)[0] == 0
    assert (folder / "CNAME").exists()
    assert (tmp_path / "outside").exists()
    assert not (folder / "old").exists()


def test_without_the_extra_its_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "furo", None)
    status, output = docs(SPEC, "-o", tmp_path / "site")
    assert status == 2
    assert "wxgen docs needs furo" in output
    assert "pip install 'wxsocket[docs]'" in output
    assert not (tmp_path / "site").exists()


# In a browser.


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    from selenium.webdriver.chrome.service import Service

    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    started.set_page_load_timeout(30)
    yield started
    started.quit()


def resize(browser: Any, width: int, height: int = 900) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def scheme(browser: Any, name: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": name}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def wait(browser: Any, script: str) -> Any:
    from selenium.webdriver.support.wait import WebDriverWait

    return WebDriverWait(browser, 10, 0.05).until(lambda _: browser.execute_script(script))


def press(browser: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(browser, duration=0).send_keys(*keys).perform()


def complaints(browser: Any) -> list[str]:
    """What the console shows but for information."""
    entries = browser.get_log("browser")
    return [entry["message"] for entry in entries if entry["level"] not in {"INFO", "DEBUG"}]


def requests(browser: Any) -> list[str]:
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen_without_errors_or_outside_requests(
    browser: WebDriver, site: Path, width: int
) -> None:
    resize(browser, width)
    for name in ("light", "dark"):
        scheme(browser, name)
        colours = set()
        for page in sorted(site.glob("*.html")):
            browser.get(page.as_uri())
            size = "return document.documentElement.scrollWidth - window.innerWidth"
            assert browser.execute_script(size) <= 0, page
            background = "return getComputedStyle(document.body).backgroundColor"
            colours.add(browser.execute_script(background))
        assert len(colours) == 1
        shades = [int(shade) for shade in re.findall(r"\d+", colours.pop())[:3]]
        assert (min(shades) > 200) if name == "light" else (max(shades) < 60)
    assert complaints(browser) == []
    asked = requests(browser)
    assert asked
    # The browser's own start page is not ours.
    ours = ("file:", "data:", "chrome:", "chrome-untrusted:")
    assert [url for url in asked if not url.startswith(ours)] == []


@pytest.mark.parametrize(("part", "found"), [("ocketMes", "wx.sendSocketMessage"),
                                             ("Task.se", "SocketTask.send"),
                                             ("waitclo", "SocketTask.waitClosed")])  # fmt: skip
def test_the_search_finds_a_call_by_a_part_of_its_name(
    browser: WebDriver, site: Path, part: str, found: str
) -> None:
    from selenium.webdriver.common.by import By

    browser.get(f"{(site / 'search.html').as_uri()}?q={part}")
    # Results come one by one.
    shown = "[...document.querySelectorAll('#search-results li a')].map(a => a.textContent)"
    wait(browser, f"return {shown}.includes({json.dumps(found)})")
    browser.find_element(By.LINK_TEXT, found).click()
    anchor = wait(browser, "return location.hash")[1:]
    assert browser.execute_script("return !!document.getElementById(arguments[0])", anchor)
    assert complaints(browser) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_keyboard_alone_searches_and_opens_what_was_found(
    browser: WebDriver, site: Path, width: int
) -> None:
    from selenium.webdriver.common.keys import Keys

    resize(browser, width)
    browser.get((site / "index.html").as_uri())
    press(browser, "/")
    wait(browser, "return document.activeElement.name === 'q'")
    press(browser, "onSocketO", Keys.ENTER)
    shown = "[...document.querySelectorAll('#search-results li a')].map(a => a.textContent)"
    wait(browser, f"return {shown}.includes('wx.onSocketOpen')")
    for _ in range(40):
        press(browser, Keys.TAB)
        at = browser.execute_script("return document.activeElement.textContent.trim()")
        if at == "wx.onSocketOpen":
            break
    else:
        pytest.fail("the result is not reached")
    press(browser, Keys.ENTER)
    wait(browser, "return location.hash === '#onSocketOpen'")


def test_a_keyboard_alone_opens_the_navigation_of_a_telephone(
    browser: WebDriver, site: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    resize(browser, 390)
    browser.get((site / "index.html").as_uri())
    opened = "return document.getElementById('__navigation').checked"
    focused = "return document.activeElement.getAttribute('aria-label')"
    for _ in range(6):
        press(browser, Keys.TAB)
        if browser.execute_script(focused) == "Navigation and search":
            break
    press(browser, Keys.ENTER)
    assert browser.execute_script(opened)
    wait(browser, "return document.activeElement.closest('.sidebar-drawer')")
    press(browser, Keys.ESCAPE)
    assert not browser.execute_script(opened)
    assert browser.execute_script(focused) == "Navigation and search"


def test_a_keyboard_alone_turns_dark_and_light(browser: WebDriver, site: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    resize(browser, 1280)
    browser.get((site / "index.html").as_uri())
    theme = "return document.body.dataset.theme"
    before = browser.execute_script(theme)
    for _ in range(30):
        press(browser, Keys.TAB)
        if browser.execute_script("return document.activeElement.matches('.theme-toggle')"):
            break
    press(browser, Keys.ENTER)
    assert browser.execute_script(theme) != before


def test_text_of_a_spec_runs_nothing(browser: WebDriver, tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    head = HEAD.replace("title: T", f"title: {json.dumps(EVIL)}")
    spec.write_text(
        f"{head}namespace: wx\npackage: evil\n"
        f"functions:\n  f:\n    description: {json.dumps(EVIL)}\n    section: s\n",
        encoding="utf-8",
    )
    for path, data in site_of(spec).items():
        target = tmp_path / "site" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for page in ("index.html", "search.html?q=owned", "search.html?q=script", "search.html?q=wx.f"):
        browser.get(f"{(tmp_path / 'site').as_uri()}/{page}")
        if "?" in page:
            wait(browser, "return document.querySelector('#search-results li')")
        assert browser.execute_script("return !document.querySelector('article img')")
        assert browser.title != "owned"
    assert complaints(browser) == []
