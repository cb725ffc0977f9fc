"""Elements escape whatever is not markup already."""

import pytest

from dashboards.page.markup import Html, element, joined


@pytest.mark.parametrize(
    ("made", "text"),
    [
        pytest.param(element("p", "a < b & c"), "<p>a &lt; b &amp; c</p>", id="text is escaped"),
        pytest.param(element("p", element("b", "<i>")), "<p><b>&lt;i&gt;</b></p>", id="elements are not escaped again"),
        pytest.param(element("a", "x", href='/"><'), '<a href="/&quot;&gt;&lt;">x</a>', id="attributes are escaped"),
        pytest.param(element("td", "x", data_label="P", class_="c"), '<td data-label="P" class="c">x</td>', id="names"),
        pytest.param(element("p", None, "x", hidden=True, id=None), "<p hidden>x</p>", id="nothing is left out"),
        pytest.param(element("rect", x=1), '<rect x="1"/>', id="void elements close themselves"),
        pytest.param(joined("<", Html("<br>")), "&lt;<br>", id="joining escapes as well"),
    ],
)
def test_an_element_is_written_safely(made: Html, text: str) -> None:
    assert made == text
