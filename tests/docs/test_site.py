"""
The site: what the builder is given, and that a link that leads nowhere is found. `./run docs`
builds it.
"""

import tomllib

from scripts import build_site

from tests.architecture.source import ROOT


def test_a_broken_link_a_missing_picture_and_a_missing_heading_are_found(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text('<h2 id="here">Here</h2><a href="../#no">', encoding="utf-8")
    (tmp_path / "index.html").write_text(
        '<a href="other/#here">fine</a><a href="other/#gone">x</a><a href="nowhere/">x</a><img '
        'src="no.png">'
        f'<a href="{build_site.ADDRESS}other/">fine</a><a href="https://example.org/">no</a><a '
        f'href="#__top">x</a>',
        encoding="utf-8",
    )
    assert list(build_site.broken_links(tmp_path)) == [
        "index.html: other/#gone names no heading",
        "index.html: nowhere/ leads nowhere",
        "index.html: no.png leads nowhere",
        "other/index.html: ../#no names no heading",
    ]


def test_the_navigation_has_every_page_once():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    navigation = build_site.nav(index)
    pages = [
        page
        for section in navigation
        for page in next(iter(section.values()))
        if isinstance(page, dict)
    ]
    listed = [next(iter(page.values())) for page in pages]
    docs = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert set(listed) == (docs - {"index.md"}) | set(build_site.BESIDE)
    assert len(listed) == len(set(listed))
    assert tomllib.loads(f"nav = {build_site.inline(navigation)}")["nav"] == navigation


def test_links_out_of_the_pages_hold_in_the_site(tmp_path):
    build_site.gather(tmp_path / "docs")
    install = (tmp_path / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
    assert "](../DEVELOPERS.md)" in install
    developers = (tmp_path / "docs" / "DEVELOPERS.md").read_text(encoding="utf-8")
    assert "](explanation/how-a-question-travels.md)" in developers


def test_the_address_is_that_of_the_settings():
    assert (
        tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["site_url"]
        == build_site.ADDRESS
    )
