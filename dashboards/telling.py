"""Pieces of annotations: templates that Prometheus fills in when an alert fires, asking for what the alert's own labels do not say. Which
alert says what is left to `alerts_of_...`."""

from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import Unit

_READING = ("job", *catalogue.READING)
_FIRST = ". | first | value"
# Shares as the page has them, with one decimal; numbers of people in full, never as 1.2e+06.
_AS_PEOPLE_READ: dict[Unit, str] = {"ratio": 'printf "%.1f %%"', "seconds": "humanizeDuration"}
_TIMES: dict[Unit, str] = {"ratio": "100 * ", "seconds": ""}


def _ask(series: Series, labels: tuple[str, ...], form: str = "{}") -> str:
    """The answers to a question about series with the alert's own labels. `form`: the question, with a place for each such series."""
    matchers = ", ".join(f"{label}=%q" for label in labels)
    values = " ".join(f"$labels.{label}" for label in labels)
    asked = form.replace("{}", f"{series.name}{{{matchers}}}")
    return f'query (printf "{asked}" {values})'


def _figure(pair: dict[Unit, Series], otherwise: str) -> str:
    """A figure of the reading, as people read it; `otherwise` where there is none."""
    text = otherwise
    for unit, series in pair.items():
        text = (
            f"{{{{ with {_ask(series, _READING, _TIMES[unit] + '{}')} }}}}{{{{ {_FIRST} | {_AS_PEOPLE_READ[unit]} }}}}"
            f"{{{{ else }}}}{text}{{{{ end }}}}"
        )
    return text


def _label(series: Series, key: tuple[str, ...], label: str, otherwise: str = "") -> str:
    return (
        f'{{{{ with {_ask(series, key)} }}}}{{{{ . | first | label "{label}" }}}}{{{{ else }}}}{otherwise}{{{{ end }}}}'
    )


def _link(label: str) -> str:
    """An address from the configuration; the last one known where the service is away."""
    name = f"{catalogue.LINKS_INFO.name}{{job=~%q}}"
    asked = f'printf "{name} or on () last_over_time({name}[1d])" (or $labels.job ".+") (or $labels.job ".+")'
    return f'{{{{ with query ({asked}) }}}}{{{{ . | first | label "{label}" }}}}{{{{ end }}}}'


# A value that is published as "at most" or "at least", so that nobody shows, is told so.
_COARSE = (
    f"{{{{ with {_ask(catalogue.COARSE, _READING, '{} == 1')} }}}}"
    f"{{{{ with {_ask(catalogue.VALUE['ratio'], _READING, '{} < 0.5')} }}}}at most {{{{ else }}}}at least {{{{ end }}}}"
    "{{ end }}"
)
VALUE = f"{_COARSE}{_figure(catalogue.VALUE, 'unknown')}"
BOUNDS = f"{_figure(catalogue.LOWER, 'not reached')} to {_figure(catalogue.UPPER, 'never')}"
TARGET = _figure(catalogue.TARGET_VALUE, "none")
_COUNT = f'{{{{ with {_ask(catalogue.DENOMINATOR, _READING)} }}}}{{{{ {_FIRST} | printf "%.0f" }}}}'
PEOPLE = f"{_COUNT}{{{{ else }}}}an unknown number of{{{{ end }}}} {_label(catalogue.READING_INFO, _READING, 'counted', 'people')}"
TITLE = _label(catalogue.TARGET_INFO, ("job", "target"), "title", "{{ $labels.target }}")
WANTED = (
    f"{{{{ with {_ask(catalogue.TARGET_INFO, ('job', 'target'))} }}}}"
    '{{ if eq (. | first | label "direction") "at_most" }}at most{{ else }}at least{{ end }}'
    f"{{{{ end }}}} {TARGET}"
)
WHOM = '{{ if eq $labels.segment "all" }}everybody{{ else }}{{ $labels.segment }}{{ end }}'
_MESSAGE = (
    f"{{{{ with {_ask(catalogue.READING_INFO, _READING)} }}}}"
    '{{ $message := . | first | label "message" }}{{ if $message }}, message '
    f'{{{{ with query (printf "{catalogue.MESSAGE_INFO.name}{{job=%q, message=%q}}" $labels.job $message) }}}}'
    '{{ or (. | first | label "title") $message }}{{ else }}{{ $message }}{{ end }}{{ end }}{{ end }}'
)
WHERE = (
    f'{{{{ if eq $labels.channel "all" }}}}all channels{{{{ else }}}}{{{{ $labels.channel }}}}{{{{ end }}}}{_MESSAGE}'
)
OWNER = "Owner: {{ if $labels.target_owner }}{{ $labels.target_owner }}{{ else }}nobody is named{{ end }}."
_DO = '{{ with . | first | label "what_to_do" }}{{ . }}{{ else }}see the runbook.{{ end }}'
ADVICE = f"What to do: {{{{ with {_ask(catalogue.TARGET_ADVICE, ('job', 'target'))} }}}}{_DO}{{{{ else }}}}see the runbook.{{{{ end }}}}"
RUNBOOKS = _link("runbooks")
GRAFANA = _link("grafana")
