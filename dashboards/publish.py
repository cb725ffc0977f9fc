"""The port on Grafana's HTTP API, over grafana-api: one call, tried again where that helps, every failure in a sentence. What is put
there
is left to `keeping`. Nothing else may import that library (docs/decisions/0001-libraries.md)."""

import time
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from grafana_api.grafana_api import (
    GrafanaBadInputError,
    GrafanaClientError,
    GrafanaServerError,
    GrafanaUnauthorizedError,
)
from grafana_api.grafana_face import GrafanaFace

Verb = Literal["GET", "POST", "PUT", "PATCH"]
_PAUSES = (1.0, 4.0)  # seconds before the second and the third try
_TIMEOUT_SECONDS = 10.0


class GrafanaFailed(Exception):
    """Why it did not work, in a sentence, with what to do."""


class NotThere(GrafanaFailed):
    """404: nothing is called so."""


class Forbidden(GrafanaFailed):
    """403: the token is known and may not do it."""


class Exists(GrafanaFailed):
    """409 or 412: something of that name, or a newer version, stands there already."""


class Away(GrafanaFailed):
    """Nobody answers, or nobody in time, or with a fault of its own; trying again later may help."""


class Port:
    """`url`: Grafana's address; `token`: of a service account. Not for several threads. There is no way to delete anything."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        pause: Callable[[float], object] = time.sleep,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        parts = urlsplit(url)
        prefix = parts.path.strip("/")
        self._where = parts.netloc
        self._pause = pause
        self._face = GrafanaFace(
            auth=token,
            host=parts.netloc,
            url_path_prefix=f"{prefix}/" if prefix else "",
            protocol=parts.scheme,
            timeout=timeout_seconds,
        )

    def close(self) -> None:
        self._face.api.s.close()

    def call(self, verb: Verb, path: str, body: dict[str, Any] | None = None, *, again: bool = True) -> Any:
        """What Grafana answers, None where that is nothing. `path`: below `/api`. GrafanaFailed says why not. `again`: whether it may be
        tried again, though the first time may have worked and only its answer was lost."""
        for pause in (*(_PAUSES if again else ()), None):
            try:
                return self._once(verb, path, body)
            except Away:
                if pause is None:
                    raise
                self._pause(pause)
        return None

    def _once(self, verb: Verb, path: str, body: dict[str, Any] | None) -> Any:
        try:
            return getattr(self._face.api, verb)(path, json=body)
        except requests.exceptions.JSONDecodeError as error:
            # An empty answer, or a 204, means that all is well; another text comes from something else in between.
            if not error.doc.strip():
                return None
            raise GrafanaFailed(
                f"{self._where} answers, but not as Grafana does: is `grafana.url` the right address, with its path?"
            ) from None
        except GrafanaUnauthorizedError:
            raise GrafanaFailed(
                f"Grafana at {self._where} does not know the token (401): is it expired, or of another organisation? See "
                f"`grafana.token_file`."
            ) from None
        except GrafanaBadInputError as error:
            raise GrafanaFailed(f"Grafana refuses what was sent (400): {_message(error)}") from None
        except GrafanaServerError as error:
            raise Away(
                f"Grafana at {self._where} has a fault of its own ({error.status_code}): {_message(error)}"
            ) from None
        except GrafanaClientError as error:
            raise self._refusal(verb, path, error) from None
        except requests.exceptions.Timeout:
            raise Away(f"Grafana at {self._where} does not answer in time.") from None
        except requests.exceptions.RequestException as error:
            raise Away(f"Grafana at {self._where} cannot be reached ({type(error).__name__}).") from None

    def _refusal(self, verb: Verb, path: str, error: GrafanaClientError) -> GrafanaFailed:
        code = error.status_code
        if code == 404:
            return NotThere(f"Grafana has nothing at {path} (404).")
        if code in (409, 412):
            return Exists(
                f"Something of that name, or a newer version, is in Grafana already ({code}): {_message(error)}"
            )
        if code == 429:
            return Away(f"Grafana at {self._where} is asked too much at once (429).")
        if code == 403:
            return Forbidden(
                f"The token may not {verb} {path.partition('?')[0]} (403): its service account needs more rights."
            )
        return GrafanaFailed(f"Grafana refuses {verb} {path.partition('?')[0]} ({code}): {_message(error)}")


def _message(error: GrafanaBadInputError | GrafanaClientError | GrafanaServerError) -> str:
    """What Grafana itself says."""
    response = error.response
    return str(response.get("message", "")) if isinstance(response, dict) else str(response)[:200]
