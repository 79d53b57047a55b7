#!/usr/bin/env python3
"""A preprocessor of mdBook: links that leave `docs/` go to the repository, where what they name is.

`outside.py --check FOLDER` looks at a book that was built: every link inside it leads to a page or file of it.
"""

import html.parser
import json
import posixpath
import re
import sys
import urllib.parse
from pathlib import Path, PurePosixPath

# The target of an inline link or image; fences and code are told apart before.
TARGET = re.compile(r"(\]\()([^)\s]+)(\))")
CODE = re.compile(r"(^```.*?^```|`[^`\n]*`)", re.M | re.S)


def resolved(page: PurePosixPath, link: str) -> str:
    """Where a link of a page leads, from the root of the repository."""
    parts = []
    for part in (PurePosixPath("docs") / page.parent / link).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def with_links(text: str, page: PurePosixPath, repository: str) -> str:
    def target(found: re.Match) -> str:
        link = found[2]
        if ":" in link.split("/")[0] or link.startswith("#"):
            return found[0]
        path = resolved(page, link)
        inside = path.startswith("docs/") and path.split("#")[0].endswith((".md", ".svg", ".png"))
        # In the book a page of `docs/` is not below a folder `docs`.
        link = posixpath.relpath(path, PurePosixPath("docs") / page.parent) if inside else repository + path
        return f"{found[1]}{link}{found[3]}"

    pieces = CODE.split(text)
    # `[`code`](link)`: the pieces between are those without code.
    return "".join(piece if index % 2 else TARGET.sub(target, piece) for index, piece in enumerate(pieces))


def walk(items: list, repository: str) -> None:
    for item in items:
        chapter = item.get("Chapter") if isinstance(item, dict) else None
        if chapter is None:
            continue
        if chapter["path"]:
            chapter["content"] = with_links(chapter["content"], PurePosixPath(chapter["path"]), repository)
        walk(chapter["sub_items"], repository)


class Links(html.parser.HTMLParser):
    """The links of a page, and what can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list = []
        self.names: set = set()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        for name, value in attrs:
            if name == "id":
                self.names.add(value)
            elif value and (tag, name) in (("a", "href"), ("img", "src")):
                self.links.append(value)


def check(book: Path) -> int:
    pages = {}
    for path in sorted(book.rglob("*.html")):
        if path.name not in ("print.html", "404.html", "toc.html"):
            pages[path.resolve()] = Links()
            pages[path.resolve()].feed(path.read_text())
    faults = []
    count = 0
    for path, page in pages.items():
        for link in page.links:
            target = urllib.parse.urlsplit(link)
            if target.scheme or target.netloc:
                continue
            count += 1
            file = (path.parent / urllib.parse.unquote(target.path)).resolve() if target.path else path
            if not file.exists():
                faults.append(f"{path.name}: {link}: there is no such file")
            elif target.fragment and file in pages and urllib.parse.unquote(target.fragment) not in pages[file].names:
                faults.append(f"{path.name}: {link}: there is no such heading")
    for fault in faults:
        print(fault)
    print(f"{len(pages)} pages, {count} links inside the book, {len(faults)} of them broken")
    return 1 if faults or count < 100 else 0


def main() -> int:
    if sys.argv[1:2] == ["supports"]:
        return 0
    if sys.argv[1:2] == ["--check"]:
        return check(Path(sys.argv[2]))
    context, book = json.load(sys.stdin)
    repository = context["config"]["preprocessor"]["outside"]["repository"]
    walk(book.get("items", book.get("sections", [])), repository)
    json.dump(book, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
