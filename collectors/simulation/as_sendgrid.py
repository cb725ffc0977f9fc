"""Rows as SendGrid posts them: JSON, a bare event or an array of those that came within seconds, whole seconds of time."""

from collections.abc import Iterator

from collectors.simulation.book import Book
from collectors.simulation.disturbance import BAD_ACTION, BAD_TIME, spoil_json
from collectors.simulation.parameters import SECOND
from collectors.simulation.traces import AGENTS, PROXY, SIGN_LIST, Rows, client_ip

EVENT_OF_ACTION = {
    "queued": "processed",
    "deferred": "deferred",
    "bounced": "bounce",
    "rejected": "dropped",
    "delivered": "delivered",
    "opened": "open",
    "clicked": "click",
}
_TAILS = {
    "queued": "",
    "deferred": ',"response":"451 4.7.1 try again later","attempt":"1"',
    "bounced": ',"reason":"550 5.1.1 mailbox unavailable","status":"5.1.1","type":"bounce"',
    "rejected": ',"reason":"Bounced Address"',
    "delivered": ',"response":"250 2.0.0 OK"',
}
_POSTED_TOGETHER = 5 * SECOND
_LARGEST_POST = 100


def sendgrid_lines(rows: Rows, book: Book) -> Iterator[bytes]:
    """A line a post, without its line feed. A spoilt event is posted alone."""
    post: list[str] = []
    posted_at = -1
    for arrival, damage, element in _elements(rows, book):
        if damage:
            yield spoil_json(element, damage)
            continue
        moment = arrival // _POSTED_TOGETHER
        if post and (moment != posted_at or len(post) == _LARGEST_POST):
            yield _join(post, posted_at)
            post = []
        posted_at = moment
        post.append(element)
    if post:
        yield _join(post, posted_at)


def _join(post: list[str], moment: int) -> bytes:
    # Some relays in between unwrap what stands alone.
    bare = len(post) == 1 and moment % 2
    return (post[0] if bare else f"[{','.join(post)}]").encode()


def _elements(rows: Rows, book: Book) -> Iterator[tuple[int, int, str]]:
    addresses = book.identifiers["email"]
    for arrival, at, number, person, serial, _, detail, code, copy, damage in rows.tolist():
        sign = SIGN_LIST[code]
        time = '"yesterday"' if damage == BAD_TIME else at // SECOND
        event = "teleported" if damage == BAD_ACTION else EVENT_OF_ACTION[sign.action]
        # A retry comes under a new id now and then.
        again = "-again" if copy and serial % 2 else ""
        tail = _TAILS.get(sign.action)
        if tail is not None:
            tail += f',"smtp-id":"<{book.message(number).mail_id}@mail.example.org>"'
        else:
            tail = _client(person, sign.agent)
            if sign.action == "opened":
                tail += f',"sg_content_type":"html","sg_machine_open":{"true" if sign.agent == PROXY else "false"}'
            else:
                tail += f',"url":"{book.link(number, detail)}?utm_source=mail","url_offset":{{"index":{detail},"type":"html"}}'
        yield (
            arrival,
            damage,
            f'{{"email":"{addresses[person]}","timestamp":{time},"event":"{event}",'
            f'"sg_event_id":"{number:x}-{serial:x}{again}",{_message(number, serial, book)}{tail}}}',
        )


def _message(number: int, serial: int, book: Book) -> str:
    message = book.message(number)
    own = f'"earshot_message":"{message.id}",' if message.template.carries_id else ""
    part = f"filter{serial % 40:04d}p1las1-{serial % 9973:05d}.0"
    return f'{own}"category":["internal"],"sg_message_id":"{message.mail_id}.{part}"'


def _client(person: int, agent: int) -> str:
    return f',"ip":"{client_ip(person)}","useragent":"{AGENTS[agent]}"'
