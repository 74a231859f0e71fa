"""An old caller: asks our connectors for everything that it knows of scenario.yaml, prints a line a question, ends with 1 if one is answered wrongly.

    python examples/old-service/client.py --nats nats://127.0.0.1:4222 --redis redis://127.0.0.1:6379
"""

import asyncio
import json
import sys

from bus import PREFIX, Bus, options, short_id, written

HOST = "mettel.velocloud.net"
EDGE = {"host": HOST, "enterprise_id": 100, "enterprise_name": "Acme|30000|", "edge_id": 1}
SERIAL = "VC5000001"
TICKET = 700001
SILENCE = 1  # seconds after which a message counts as dropped

wrong = 0


def told(question: str, right: bool, seen: object) -> None:
    global wrong
    wrong += not right
    print(f"{'ok   ' if right else 'WRONG'} {question}" + ("" if right else f": {str(seen)[:300]}"), flush=True)


def status(reply: object) -> object:
    return reply.get("status") if isinstance(reply, dict) else None


async def reads_and_writes(bus: Bus) -> None:
    """Every subject that a triage of tickets asks, with the bodies of the old services."""
    cache = await bus.ask("customer.cache.get", {"filter": {}, "last_contact_filter": None})
    told("the cache has all edges", status(cache) == 200 and [r["serial_number"] for r in cache["body"]][:1] == [SERIAL] and len(cache["body"]) == 40, cache)
    some = await bus.ask("customer.cache.get", {"filter": {HOST: [1, 2]}})
    told("enterprises that the cache does not have: 202 and a text", status(some) == 202 and HOST in some["body"], some)

    links = await bus.ask("get.links.with.edge.info", {"host": HOST})
    down = {row["edgeSerialNumber"] for row in links["body"] if row["edgeState"] == "OFFLINE"} if status(links) == 200 else links
    told("the rows of links, with their host", down == {SERIAL} and links["body"][0]["host"] == HOST, down)
    edges = await bus.ask("request.network.enterprise.edges", {"host": HOST, "enterprise_ids": []})
    told("the edges of all enterprises", status(edges) == 200 and len(edges["body"]) == 40 and edges["body"][0]["haState"], edges)
    events = await bus.ask("alert.request.event.edge", {
        "edge": EDGE, "start_date": "2022-05-25 14:00:00.000001+00:00", "end_date": "2022-06-01 14:00:00+00:00",
        "filter": ["EDGE_UP", "EDGE_DOWN", "LINK_ALIVE", "LINK_DEAD"],
    })
    told("the events of an edge", status(events) == 200 and "EDGE_DOWN" in [e["event"] for e in events["body"]], events)
    unknown = await bus.ask("get.links.with.edge.info", {"host": "nowhere.example"})
    told("a host that is not configured: 404 and a text", status(unknown) == 404 and isinstance(unknown["body"], str), unknown)

    statuses = {"ticket_statuses": ["New", "InProgress", "Draft"], "ticket_topic": "VOO", "product_category": "SD-WAN"}
    tickets = await bus.ask("bruin.ticket.basic.request", statuses)
    told("the open tickets", status(tickets) == 200 and [t["ticketID"] for t in tickets["body"]] == [TICKET], tickets)
    one = await bus.ask("bruin.single_ticket.basic.request", {"ticket_id": TICKET})
    told("one ticket", status(one) == 200 and one["body"]["ticketID"] == TICKET, one)
    text = f"#*MetTel's IPA*#\nRückmeldung – 電話 📞 ({bus.tokens})"
    note = await bus.ask("bruin.ticket.note.append.request", {"ticket_id": TICKET, "note": text, "service_numbers": [SERIAL]})
    told("a note is written", status(note) == 200, note)
    details = await bus.ask("bruin.ticket.details.request", {"ticket_id": TICKET})
    told("the note stands on the ticket to the letter", status(details) == 200 and [n["noteValue"] for n in details["body"]["ticketNotes"]][-1:] == [text], details)
    told("the task is about the edge", [t["detailValue"] for t in details["body"]["ticketDetails"]] == [SERIAL], details)
    missing = await bus.ask("bruin.single_ticket.basic.request", {"ticket_id": 9})
    told("a ticket that is not there is no success", status(missing) is not None and not 200 <= status(missing) < 300, missing)


async def twice(bus: Bus) -> None:
    """The same write sent again acts once; two writes without an id are two."""
    subject, note = "bruin.ticket.note.append.request", {"ticket_id": TICKET, "service_numbers": [SERIAL]}
    for message in ({"request_id": short_id(), "body": note | {"note": "once"}}, {"body": note | {"note": "each"}}):
        for _ in range(2):
            reply = json.loads(await bus.ask_raw(subject, written(message), 10) or b"null")
            told(f"a note sent {message['body']['note']}", status(reply) == 200, reply)
    details = await bus.ask("bruin.ticket.details.request", {"ticket_id": TICKET})
    texts = [n["noteValue"] for n in details["body"]["ticketNotes"]][-3:]
    told("the same id acts once, no id each time", texts == ["once", "each", "each"], texts)


async def envelopes(bus: Bus) -> None:
    """Ids, missing bodies, messages that are none (wire contract 2)."""
    subject = "bruin.ticket.details.request"
    for given in ("abc", 5):
        message = {"request_id": given, "body": {"ticket_id": TICKET}}
        reply = json.loads(await bus.ask_raw(subject, written(message), 10) or b"null")
        told(f"request_id {given!r} comes back, with status and body alone", reply and reply["request_id"] == given and set(reply) == {"request_id", "status", "body"}, reply)
    reply = json.loads(await bus.ask_raw(subject, written({"body": {"ticket_id": TICKET}}), 10) or b"null")
    told("without a request_id it answers as well", reply and set(reply) == {"status", "body"} and reply["status"] == 200, reply)
    raw = await bus.ask_raw(subject, written({"body": {"ticket_id": TICKET}}), 10) or b""
    told("compact and ASCII", b'": ' not in raw and raw.isascii() and b"R\\u00fcck" in raw, raw)
    for what, message in {
        "no body": {"request_id": short_id()},
        "a body that is null": {"request_id": short_id(), "body": None},
        "a body without the field": {"request_id": short_id(), "body": {"ticket": 1}},
        "a body of another type": {"request_id": short_id(), "body": [TICKET]},
    }.items():
        reply = json.loads(await bus.ask_raw(subject, written(message), 10) or b"null")
        told(f"{what}: 400, and a text names the field", status(reply) == 400 and "ticket_id" in str(reply["body"]), reply)
    dropped = {
        "no JSON": b"{not json",
        "no object": b"[1]",
        "a token that has run out": written({"token": short_id(), "is_stored": True}),
        "a token of the other format that has run out": PREFIX + b" " + short_id().encode(),
    }
    replies = await asyncio.gather(*(bus.ask_raw(subject, payload, SILENCE) for payload in dropped.values()))
    for what, reply in zip(dropped, replies):
        told(f"{what}: dropped, without a reply", reply is None, reply)
    reply = json.loads(await bus.ask_raw(subject, written({"token": "x", "is_stored": 1, "body": {"ticket_id": TICKET}}), 10) or b"null")
    told("is_stored that is not exactly true is no token", status(reply) == 200, reply)


async def large(bus: Bus) -> None:
    """Payloads over the limit, both ways (wire contract 3)."""
    limit = bus.client.max_payload

    def padded(size: int) -> bytes:
        empty = written({"request_id": short_id(), "body": {"ticket_id": TICKET}, "padding": ""})
        return empty[:-2] + b"x" * (size - len(empty)) + empty[-2:]

    for size, way in ((limit, "inline"), (limit + 1, bus.tokens)):
        reply = json.loads(await bus.ask_raw("bruin.ticket.details.request", padded(size), 10) or b"null")
        told(f"a request of {size - limit:+} bytes to the limit, {way}", status(reply) == 200, reply)
    raw = await bus.ask_raw("get.links.with.edge.info", written({"body": {"host": HOST}}), 10) or b"null"
    token = json.loads(raw)
    told("a large reply comes as a token of the old format", set(token) == {"is_stored", "token"} and token["is_stored"] is True and len(token["token"]) == 22, raw)
    left = await bus.store.ttl(token["token"])
    stored = await bus.store.get(token["token"]) or b""
    told("which lives for 300 seconds", 290 < left <= 300, left)
    told("and names the reply as it would have been sent", len(stored) > limit and status(json.loads(stored)) == 200, stored)
    told("and is left to run out", await bus.store.exists(token["token"]) == 1, "gone")


async def messages(bus: Bus) -> None:
    """The chat: published in the newest layout, asked for in the one of 2022."""
    await bus.publish("notification.slack.request", {"request_id": short_id(), "body": {"message": "published, newest"}})
    await bus.publish("notification.slack.request", {"request_id": short_id(), "message": "published, 2022"})
    long = "long " * bus.client.max_payload
    await bus.publish("notification.slack.request", {"request_id": short_id(), "body": {"message": long}})
    given = short_id()
    reply = json.loads(await bus.ask_raw("notification.slack.request", written({"request_id": given, "message": "asked, 2022"}), 10) or b"null")
    told("a message of 2022 is answered with its status", reply == {"request_id": given, "status": 200}, reply)
    reply = await bus.ask_raw("notification.slack.request", written({"request_id": short_id(), "body": {"message": "asked, newest"}}), SILENCE)
    told("a message of the newest layout is not answered", reply is None, reply)


async def main() -> int:
    bus = await Bus.connect(options(__doc__.splitlines()[0]).parse_args())
    for part in (reads_and_writes, twice, envelopes, large, messages):
        await part(bus)
    await bus.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
