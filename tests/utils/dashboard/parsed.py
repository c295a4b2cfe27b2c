"""A page as its reader finds it: elements, texts and tables, with every tag closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})
# What a screen does not show as text.
SILENT = frozenset({"style", "title", "head"})
# These go on in the line that they are in.
INLINE = frozenset({"a", "abbr", "b", "bdi", "i", "span", "svg", "path", "time"})


@dataclass
class Element:
    """An element and what is in it, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield the elements below of those tags; of all tags where none is given."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def one(self, tag: str) -> Element:
        """Return the only one of that tag."""
        (found,) = self.all(tag)
        return found

    def by_id(self, name: str) -> Element:
        """Return the one with that id."""
        (found,) = (each for each in self.all() if each.attributes.get("id") == name)
        return found

    def section(self, name: str) -> Element:
        """Return the section whose heading has that id."""
        found = (each for each in self.all("section"))
        (section,) = (each for each in found if each.attributes.get("aria-labelledby") == name)
        return section

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """What is read of it, with single spaces."""
        return " ".join("".join(self._parts()).split())

    def _parts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in SILENT:
                edge = "" if child.tag in INLINE else " "
                yield edge + "".join(child._parts()) + edge

    @property
    def rows(self) -> list[list[str]]:
        """The texts of a table's cells, by row."""
        return [[cell.text for cell in row.all("th", "td")] for row in self.all("tr")]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"{tag} ends within {self.open[-1].tag}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: str) -> Element:
    """Return a page's root; fails where a tag is not closed, or closed out of turn."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root], f"not closed: {[each.tag for each in parser.open]}"
    return parser.root
