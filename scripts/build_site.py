"""
Builds the documentation as a site in build/site, and checks every link and anchor of what was
built.

    python scripts/build_site.py

The navigation is that of docs/index.md. Exits 1 when the builder warns, or when a link leads
nowhere.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
# Pages of the repository's root that the site has too.
BESIDE = ("GLOSSARY.md", "DEVELOPERS.md", "CONTRIBUTING.md", "CHANGELOG.md")
ADDRESS = "https://nilreturn.readthedocs.io/"  # as zensical.toml has it
REPOSITORY = "https://github.com/nilreturn/nilreturn/blob/main"


def main() -> int:
    stage = BUILD / "site-source"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.rmtree(BUILD / "site", ignore_errors=True)
    gather(stage / "docs")
    settings = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    navigation = f"nav = {inline(nav((ROOT / 'docs' / 'index.md').read_text(encoding='utf-8')))}\n"
    (stage / "zensical.toml").write_text(
        settings.replace("[project.theme]", f"{navigation}\n[project.theme]", 1), "utf-8"
    )
    builder = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    if ended := subprocess.run(builder, cwd=stage, check=False).returncode:
        return ended
    shutil.move(stage / "site", BUILD / "site")
    broken = list(broken_links(BUILD / "site"))
    print(
        "\n".join(broken)
        or f"no broken link; open {(BUILD / 'site' / 'index.html').relative_to(ROOT)}"
    )
    return int(bool(broken))


def gather(docs: Path) -> None:
    """The pages of docs/ and those beside it, with links that hold in the site."""
    shutil.copytree(ROOT / "docs", docs)
    for name in BESIDE:
        shutil.copy(ROOT / name, docs / name)
    for page in docs.rglob("*.md"):
        here = ROOT if page.name in BESIDE else ROOT / "docs" / page.parent.relative_to(docs)
        pieces = re.split(r"(?<=\]\()([^)\s]+)(?=\))", page.read_text(encoding="utf-8"))
        pieces[1::2] = [in_site(link, page, here, docs) for link in pieces[1::2]]
        page.write_text("".join(pieces), encoding="utf-8")


def in_site(link: str, page: Path, here: Path, docs: Path) -> str:
    """A link of the page that lies in the folder `here` of the repository, as the site has it."""
    address, _, anchor = link.partition("#")
    if not address or urlsplit(link).scheme:
        return link
    target = (here / address).resolve()
    if not target.is_relative_to(ROOT):
        return link
    inside = target.relative_to(ROOT).as_posix()
    if inside in BESIDE or inside.startswith("docs/"):
        up = "../" * len(page.parent.relative_to(docs).parts)
        return f"{up}{inside.removeprefix('docs/')}{'#' * bool(anchor)}{anchor}"
    return f"{REPOSITORY}/{inside}"


def nav(index: str) -> list[dict[str, object]]:
    """The headings of the index, each with the pages that it links to, by their titles."""
    found: list[dict[str, object]] = [{"Home": "index.md"}]
    for section in index.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        links = [
            link for link in re.findall(r"\]\(([^)#]+\.md)\)", body) if not link.startswith("..")
        ]
        found.append(
            {heading: [{title(ROOT / "docs" / link): link} for link in dict.fromkeys(links)]}
        )
    found.append({"The project": [{title(ROOT / name): name} for name in BESIDE]})
    return found


def title(page: Path) -> str:
    (first, *_) = re.findall(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return str(first).replace("`", "")


def inline(value: object) -> str:
    """As TOML in one line; texts are as in JSON."""
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{json.dumps(key)} = {inline(each)}" for key, each in value.items())
            + " }"
        )
    return json.dumps(value, ensure_ascii=False)


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def broken_links(site: Path) -> Iterator[str]:
    """A line for each link within the site that leads to no file, or to no anchor of a page."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        # It is shown at any address.
        for link in dict.fromkeys(page.links) if path.name != "404.html" else ():
            parts = urlsplit(
                link.removeprefix(ADDRESS) or "/" if link.startswith(ADDRESS) else link
            )
            if parts.scheme or parts.netloc:
                continue
            start = site if link.startswith((ADDRESS, "/")) else path.parent
            target = (start / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchors = pages[target].anchors | {"__top"} if target in pages else set()
            if not target.is_file():
                yield f"{path.relative_to(site)}: {link} leads nowhere"
            elif parts.fragment and anchors and unquote(parts.fragment) not in anchors:
                yield f"{path.relative_to(site)}: {link} names no heading"


if __name__ == "__main__":
    sys.exit(main())
