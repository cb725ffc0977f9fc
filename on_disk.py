"""The configuration file of a process that runs: when it, or a secret that it names, is changed, whether what it says now may take the
place of what runs. Taking that place is left to those who run (docs/decisions/0017-changes-while-running.md)."""

import logging
import os
from collections.abc import Callable
from functools import reduce
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from config.schema import Settings
from sites import Refused, Site, load_checked, say_refused

_LOG = logging.getLogger("earshot")

NEED_A_RESTART = (
    *("data", "key_file", "erasure_key_file", "store", "store_file", "mode", "sample", "grafana"),
    *("page.host", "page.port", "worker.host", "worker.port"),
)
"""Keys that a process goes by when it starts, and never again."""

_Stamp = tuple[int, int, int, int] | None


class OnDisk:
    """`site`: what should run; each change that may, puts another object in its place. `refused`: why what the file says now does not run,
    or "". `secrets`: what stands in the files that it names, as a hash.

    `suits`: raises Refused where this process would have nothing to do on a site. To be asked in one thread.
    """

    def __init__(self, file: Path, site: Site, suits: Callable[[Site], object] = lambda _: None) -> None:
        self.site = site
        self.refused = ""
        self._file = file
        self._suits = suits
        self._named = _secret_files(site.settings)
        self.secrets = _hash(self._named)
        self._database = _database(site.url)
        self._seen = self._stamps()

    def look(self) -> Site:
        """What should run, now. A few calls of the operating system where nothing was changed."""
        stamps = self._stamps()
        if stamps != self._seen:
            try:
                self._take_up()
                self.refused = ""
            except (Refused, OSError, ValueError) as error:
                self.refused = str(error)
                _LOG.error("%s was changed and is refused; what ran before goes on.\n%s", self._file, error)
            # It may name other files now. What was changed meanwhile is looked at next time.
            self._seen = [stamps[0], *self._stamps()[1:]]
        return self.site

    def _take_up(self) -> None:
        loaded = load_checked(self._file)
        self._named = _secret_files(loaded.understood or self.site.settings)
        if loaded.settings is None:
            raise Refused(say_refused(loaded, self._file))
        site = Site(loaded.settings, self.site.as_of)
        self._must_stay(site)
        self._suits(site)
        secrets = _hash(self._named)
        if (site.settings, secrets) != (self.site.settings, self.secrets):
            self.site, self.secrets = site, secrets
            _LOG.info("%s was changed and holds from now on", self._file)

    def _must_stay(self, site: Site) -> None:
        """Refused where it takes a restart."""
        now, then = self.site, site
        changed = [name for name in NEED_A_RESTART if _value(now.settings, name) != _value(then.settings, name)]
        if _database(then.url) != self._database and "store" not in changed:
            changed.append("the database of store_file")
        if then.key_file.read_bytes() != now.key:
            changed.append("the key of the pseudonyms")
        if then.erasure_key_file.read_bytes() != now.erasure_key:
            changed.append("the key of those who were erased")
        if changed:
            raise Refused(f"This takes a restart, for what runs cannot change it: {', '.join(changed)}.")

    def _stamps(self) -> list[_Stamp]:
        return [_stamp(file) for file in (self._file, *self._named)]


def _stamp(file: Path) -> _Stamp:
    """Follows links, of which a mounted ConfigMap is made: one is turned to another folder, and every file is another."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _secret_files(settings: Settings) -> tuple[Path, ...]:
    kafka = settings.kafka
    named = (settings.store_file, settings.key_file, settings.erasure_key_file)
    return tuple(
        filter(None, (*named, kafka.ca_file, kafka.certificate_file, kafka.certificate_key_file, kafka.password_file))
    )


def _hash(files: tuple[Path, ...]) -> str:
    """Of what stands in them; a file that is not there is as good as one more content."""
    whole = sha256()
    for file in files:
        try:
            whole.update(sha256(file.read_bytes()).digest())
        except OSError:
            whole.update(b"-")
    return whole.hexdigest()


def _database(url: str) -> tuple[object, ...]:
    """Which one it is, whoever logs in there and however."""
    parts, asked = urlsplit(url), parse_qs(urlsplit(url).query)
    return parts.scheme, parts.hostname, parts.port, parts.path, asked.get("host"), asked.get("port")


def _value(settings: Settings, name: str) -> object:
    return reduce(getattr, name.split("."), settings)
