"""HTML that cannot be forgotten to be escaped: plain text is escaped when it becomes part of an element. No page stands here."""

from html import escape


class Html(str):
    """Text that is markup already. Made by `element` and `joined` alone, and by constants in the code."""

    __slots__ = ()


Child = str | Html | None
_VOID = frozenset({"meta", "circle", "rect", "line"})


def element(tag: str, /, *children: Child, **attributes: str | int | bool | None) -> Html:
    """`<tag attributes>children</tag>`. Attribute names: `class_` is class, `data_label` is data-label; True stands
    alone, None and False leave it out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{written}/>")
    return Html(f"<{tag}{written}>{joined(*children)}</{tag}>")


def joined(*children: Child) -> Html:
    return Html("".join(_text(child) for child in children if child is not None))


def _text(child: str | Html) -> str:
    return child if isinstance(child, Html) else escape(child)


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
