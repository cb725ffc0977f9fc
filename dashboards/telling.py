"""Pieces of annotations: templates that Prometheus fills in when an alert fires, asking for what the alert's own labels do not say. Which
alert says what is left to `alerts_of_...`."""

from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import Unit

_AS_PEOPLE_READ: dict[Unit, str] = {"ratio": "humanizePercentage", "seconds": "humanizeDuration"}
_READING = ("job", *catalogue.READING)


def _ask(series: Series, labels: tuple[str, ...]) -> str:
    matchers = ", ".join(f"{label}=%q" for label in labels)
    values = " ".join(f"$labels.{label}" for label in labels)
    return f'query (printf "{series.name}{{{matchers}}}" {values})'


def _figure(pair: dict[Unit, Series], otherwise: str) -> str:
    """A figure of the reading, as people read it; `otherwise` where there is none."""
    text = otherwise
    for unit, series in pair.items():
        text = (
            f"{{{{ with {_ask(series, _READING)} }}}}{{{{ . | first | value | {_AS_PEOPLE_READ[unit]} }}}}"
            f"{{{{ else }}}}{text}{{{{ end }}}}"
        )
    return text


def _label(series: Series, key: tuple[str, ...], label: str, otherwise: str = "") -> str:
    return (
        f'{{{{ with {_ask(series, key)} }}}}{{{{ . | first | label "{label}" }}}}{{{{ else }}}}{otherwise}{{{{ end }}}}'
    )


VALUE = _figure(catalogue.VALUE, "unknown")
BOUNDS = f"{_figure(catalogue.LOWER, 'not reached')} to {_figure(catalogue.UPPER, 'never')}"
TARGET = _figure(catalogue.TARGET_VALUE, "none")
_COUNT = f"{{{{ with {_ask(catalogue.DENOMINATOR, _READING)} }}}}{{{{ . | first | value }}}}"
PEOPLE = f"{_COUNT}{{{{ else }}}}an unknown number of{{{{ end }}}} people"
TITLE = _label(catalogue.TARGET_INFO, ("job", "target"), "title", "{{ $labels.target }}")
WANTED = (
    f"{{{{ with {_ask(catalogue.TARGET_INFO, ('job', 'target'))} }}}}"
    '{{ if eq (. | first | label "direction") "at_most" }}at most{{ else }}at least{{ end }}'
    f"{{{{ end }}}} {TARGET}"
)
WHOM = '{{ if eq $labels.segment "all" }}everybody{{ else }}{{ $labels.segment }}{{ end }}'
WHERE = '{{ if eq $labels.channel "all" }}all channels{{ else }}{{ $labels.channel }}{{ end }}'
OWNER = "Owner: {{ if $labels.target_owner }}{{ $labels.target_owner }}{{ else }}nobody is named{{ end }}."
ADVICE = f"What to do: {_label(catalogue.TARGET_ADVICE, ('job', 'target'), 'what_to_do', 'see the runbook')}"
RUNBOOKS = f'{{{{ with query "{catalogue.LINKS_INFO.name}" }}}}{{{{ . | first | label "runbooks" }}}}{{{{ end }}}}'
GRAFANA = f'{{{{ with query "{catalogue.LINKS_INFO.name}" }}}}{{{{ . | first | label "grafana" }}}}{{{{ end }}}}'
