"""The reference as a web site: Sphinx builds it, from nodes instead of markup."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.parsers import Parser
from sphinx.util.docutils import docutils_namespace, patch_docutils

from wxgen.docs.pages import Page, Pages
from wxgen.python.records import PyPackage

__all__ = ["SiteError", "build", "write"]

MARKER: Final = ".wxgen-docs"
"""The file in an output folder that lists the files of the site."""


class SiteError(Exception):
    """The site cannot be built or written; the message says what to do."""


def write(package: PyPackage, folder: Path) -> int:
    """Build the site of a package into a folder.

    The folder is touched only when the site has been built. Files of an earlier site that are no
    longer part of it are removed; files that a site did not bring along are left alone.

    Args:
        package: What the reference is about.
        folder: The output folder.

    Returns:
        How many files the site has.

    Raises:
        SiteError: The folder holds something else, or the disk is at fault.
    """
    earlier = _earlier(folder)
    files = build(package)
    try:
        for path in sorted(set(earlier) - set(files)):
            (folder / path).unlink(missing_ok=True)
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.is_file() or target.read_bytes() != data:
                target.write_bytes(data)
        listed = "".join(f"{path}\n" for path in sorted(files))
        (folder / MARKER).write_text(listed, encoding="utf-8", newline="\n")
        _remove_empty(folder, earlier)
    except OSError as error:
        raise SiteError(f"{error.filename or folder} cannot be written: {error.strerror}") from None
    return len(files)


def build(package: PyPackage) -> dict[str, bytes]:
    """Build the site of a package.

    Args:
        package: What the reference is about.

    Returns:
        The content of each file, by its path. The same package gives the same bytes.

    Raises:
        SiteError: Sphinx refuses a page.
    """
    pages = Pages(package)
    complaints = io.StringIO()
    with (
        tempfile.TemporaryDirectory(prefix="wxgen-docs-") as scratch,
        resources.as_file(resources.files("wxgen.docs") / "static") as static,
    ):
        source, out = Path(scratch, "source"), Path(scratch, "out")
        for name in pages.pages:
            file = source / f"{name}.page"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        try:
            # Sphinx registers its nodes for the whole process; the block takes them back.
            with patch_docutils(), docutils_namespace():
                app = Sphinx(
                    source,
                    None,
                    out,
                    Path(scratch, "doctrees"),
                    "html",
                    confoverrides=_settings(package, static),
                    status=None,
                    warning=complaints,
                    freshenv=True,
                )
                pages.uri = app.builder.get_relative_uri
                app.add_source_parser(_parser(pages, app.env))
                app.build(force_all=True)
        except SphinxError as error:
            raise SiteError(f"the site cannot be built: {error}") from None
        said = re.sub(r"\x1b\[[0-9;]*m", "", complaints.getvalue()).strip()
        if said:
            raise SiteError(f"the site cannot be built: {said}")
        return dict(_files(out))


def _settings(package: PyPackage, static: Path) -> dict[str, Any]:
    title = f"{package.name} reference"
    return {
        "project": title,
        "html_title": title,  # a theme prints it as it is: no text of the spec
        "author": "",
        "language": "en",
        "source_suffix": {".page": "wxgen"},
        "smartquotes": False,
        "html_theme": "furo",
        "html_theme_options": {"top_of_page_buttons": []},
        "html_static_path": [str(static)],
        "html_css_files": ["reference.css"],
        "html_js_files": ["reference.js"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_copyright": False,
        "html_show_search_summary": False,  # would have to fetch pages, which files cannot
        "html_use_index": False,
        "html_domain_indices": False,
        "html_last_updated_fmt": None,
    }


def _parser(pages: Pages, environment: BuildEnvironment) -> type[Parser]:
    class PageParser(Parser):
        """Fills a page from the model; its file is empty."""

        supported = ("wxgen",)

        def parse(self, inputstring: str, document: nodes.document) -> None:
            """Fill the document."""
            page = pages.pages[environment.current_document.docname]
            content = page.content(page)
            document += content
            for anchored in content.findall(nodes.Element):
                anchors: list[str] = anchored.get("ids", [])
                document.ids |= dict.fromkeys(anchors, anchored)
            if page.below:
                content += _navigation(page)
            names = environment.domains.python_domain
            for entry in page.entries:
                names.note_object(entry.name, entry.kind, entry.anchor)

    return PageParser


def _navigation(page: Page) -> addnodes.toctree:
    return addnodes.toctree(
        parent=page.name,
        entries=[(None, name) for name in page.below],
        includefiles=list(page.below),
        maxdepth=1,
        glob=False,
        hidden=True,
        includehidden=False,
        titlesonly=True,
        numbered=0,
        caption=None,
        rawcaption="",
        rawentries=[],
    )


def _files(out: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(out.rglob("*")):
        path = file.relative_to(out).as_posix()
        # Notes of Sphinx to itself; the inventory is for other Sphinx sites.
        if file.is_file() and path not in {".buildinfo", "objects.inv"}:
            yield path, file.read_bytes()


def _earlier(folder: Path) -> list[str]:
    """The files of the site that is there already."""
    try:
        if not folder.exists() or (folder.is_dir() and not os.listdir(folder)):
            return []
        if not folder.is_dir():
            raise SiteError(f"{folder} is not a folder; name another one: -o DIR")
        listed = (folder / MARKER).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise SiteError(
            f"{folder} is not empty, and holds no site of wxgen's; empty it, or name another "
            "folder: -o DIR"
        ) from None
    except (OSError, ValueError) as error:
        raise SiteError(f"{folder} cannot be read: {error}") from None
    return [path for path in listed if _is_inside(path)]


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts


def _remove_empty(folder: Path, earlier: list[str]) -> None:
    above = {parent for path in earlier for parent in PurePosixPath(path).parents}
    for path in sorted(above - {PurePosixPath(".")}, key=lambda each: -len(each.parts)):
        if (folder / path).is_dir() and not os.listdir(folder / path):
            (folder / path).rmdir()
