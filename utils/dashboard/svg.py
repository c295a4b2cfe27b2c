"""pygal's SVG without what a page with no script has no use for, and an eighth as long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # to write only: nothing of others is parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

# Tooltips by script, the settings for that script, fonts, and what it says in words.
DROPPED = frozenset({"defs", "title", "desc"})
OVERLAYS = frozenset({"text-overlay", "tooltip-overlay", "titles"})
NUMBER = re.compile(r"-?\d+\.\d+")
# What a mark looks like where the page's style is not let through, as by Jenkins until it is told.
COLOURS = {
    "successful": "#3673b7", "failed": "#e8833a", "error": "#a9480a", "canceled": "#a3acb8",
    "unfinished": "#d3d9e1", "rest": "#e9ecf1", "p50": "#3673b7", "p90": "#2b8a80",
    "p95": "#7d4fa3",
}  # fmt: skip
ANCHORS = {"axis y always_show": "end", "axis x": "middle"}
# A column of a chart of few days is no wall.
WIDEST = 44.0
PALE = "0.5"


def compact(
    root: Element,
    label: str,
    names: Sequence[str],
    titles: Sequence[Sequence[str]],
    pale: Sequence[int] = (),
) -> str:
    """Return a chart as inline SVG that says `label` to who cannot see it.

    The marks of each series are in a group with the class of its name, and have its `titles`, in
    order; none at all where there are no titles. Those at the places of `pale` are paler.
    """
    _prune(root)
    for group in root.iter("g"):
        _name(group, names)
        _anchor(group)
    for number, name in enumerate(names):
        marks = list(_marks(root, name))
        _tell(marks, titles[number] if titles else ())
        for place in pale:
            marks[place].set("opacity", PALE)
    for element in root.iter():
        _shorten(element)
    _drop_empty(root)
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.clear()
    # Without the page's style it still has its size.
    root.attrib.update(
        {"viewBox": f"0 0 {width} {height}", "width": width, "height": height, "role": "img",
         "aria-label": label}
    )  # fmt: skip
    return ElementTree.tostring(root, encoding="unicode")


def _prune(element: Element) -> None:
    for child in list(element):
        classes = set(str(child.get("class", "")).split())
        # A comment's tag is a function.
        is_comment = not isinstance(child.tag, str)
        if is_comment or child.tag in DROPPED or classes & (OVERLAYS | {"background"}):
            element.remove(child)
        else:
            _prune(child)


def _name(group: Element, names: Sequence[str]) -> None:
    found = re.search(r"serie-(\d+)", group.get("class", ""))
    if found:
        name = names[int(found[1])]
        group.set("class", f"series {name}")
        group.set("fill", COLOURS[name])
        for line in group.iter("path"):
            line.attrib.update({"fill": "none", "stroke": COLOURS[name]})


def _anchor(group: Element) -> None:
    anchor = ANCHORS.get(group.get("class", ""))
    if anchor:
        group.set("text-anchor", anchor)


def _marks(root: Element, name: str) -> Iterator[Element]:
    for group in root.iter("g"):
        if group.get("class") == f"series {name}":
            yield from group.iter("rect")
            yield from group.iter("circle")


def _tell(marks: Sequence[Element], titles: Sequence[str]) -> None:
    for mark, title in zip(marks, titles, strict=False):
        ElementTree.SubElement(mark, "title").text = title


def _shorten(element: Element) -> None:
    if element.tag == "rect":
        width = float(element.attrib["width"])
        if width > WIDEST:
            element.set("x", str(float(element.attrib["x"]) + (width - WIDEST) / 2))
            element.set("width", str(WIDEST))
    for key, value in list(element.attrib.items()):
        if (
            key in {"rx", "ry"}
            or (key == "class" and element.tag in {"rect", "circle"})
            or not value
        ):
            del element.attrib[key]
        elif key != "class":
            element.set(
                key, NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
            )


def _drop_empty(element: Element) -> None:
    for child in list(element):
        _drop_empty(child)
        is_flat = child.tag == "rect" and float(child.get("height", 1)) <= 0
        if is_flat or (child.tag == "g" and len(child) == 0):
            element.remove(child)
