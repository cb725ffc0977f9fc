"""Expressions of PromQL, put together from the catalogue's series: selecting, counting replicas once, joining. What they are for is
left to
rules and panels."""

from metrics.catalogue import READING, Series

# What tells replicas of one service apart: two of them serve the same readings.
REPLICA = ("instance", "pod")
# What tells readings apart; `job` keeps two services under one Prometheus apart.
A_READING = ("job", *READING)
A_TARGET = ("job", "target")
A_SOURCE = ("job", "source")


def select(series: Series | str, *matchers: str) -> str:
    """The series with label matchers such as `verdict="missed"`."""
    name = series if isinstance(series, str) else series.name
    return f"{name}{{{', '.join(matchers)}}}" if matchers else name


def once(expression: str, *dropped: str) -> str:
    """Every series once, whatever number of replicas serves it; without the labels `dropped`."""
    return f"max without ({', '.join((*REPLICA, *dropped))}) ({expression})"


def one_each(expression: str, key: tuple[str, ...], *carried: str) -> str:
    """One series a `key` with the labels `carried`: where replicas disagree, as while one is replaced by the next, one of them decides,
    and no join fails."""
    kept = (*key, *carried)
    return f"topk by ({', '.join(key)}) (1, max by ({', '.join(kept)}) ({expression}))"


def with_labels(expression: str, info: str, key: tuple[str, ...], *carried: str) -> str:
    """The expression with labels of an information series, which is 1."""
    joined = one_each(info, key, *carried)
    return f"({expression})\n  * on ({', '.join(key)}) group_left ({', '.join(carried)})\n  {joined}"


def either(*expressions: str) -> str:
    return "\nor\n".join(f"(\n{_indented(one)}\n)" for one in expressions)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
