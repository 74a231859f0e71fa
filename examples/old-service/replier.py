"""An old replier: stands in place of connectors and answers from a file, one message at a time per subject. Ends with SIGTERM.

    python examples/old-service/replier.py answers.json --layout newest

The file holds for each subject its queue group and answers, tried from top to bottom: `when` is what the body must contain; `reply` is
`{status, body}`, `raw` a payload as it stands, and without either nothing is answered. Prints a line of JSON a message: `subject`, `body`, how it came
(`inline`, `legacy`, `prefix`), how the reply went, and `wrong`, what the wire contract forbids.
"""

import asyncio
import json
import signal
import string
import sys
from pathlib import Path

from bus import ALPHABET, Bus, options, written


def contains(given: object, wanted: object) -> bool:
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(key in given and contains(given[key], value) for key, value in wanted.items())
    return given == wanted


def forbidden(message: object, payload: bytes, headers: object, way: str) -> str | None:
    """What is wrong with a request, by the wire contract."""
    if headers:
        return f"headers: {headers}"
    if not isinstance(message, dict) or set(message) != {"request_id", "body"}:
        return f"not an envelope: {sorted(message) if isinstance(message, dict) else message}"
    if len(message["request_id"]) != 22 or set(message["request_id"]) - set(ALPHABET):
        return f"request_id {message['request_id']}"
    if way == "inline" and payload != written(message):
        return "not compact, or not ASCII"
    return None


async def serve(bus: Bus, subject: str, entry: dict, layout: str, padding: int) -> None:
    turn = asyncio.Lock()  # the next message of a subject waits for the one before

    async def answer(received) -> None:
        async with turn:
            message, way = await bus.take(received.data)
            found = next((a for a in entry["answers"] if contains(message["body"], a.get("when", {}))), {})
            payload = found["raw"].encode() if "raw" in found else None
            if "reply" in found:
                reply = dict(found["reply"])
                if layout == "2022":
                    reply["request_id"] = message["request_id"]
                if isinstance(reply["body"], list):
                    reply["body"] = [row | {"padding": string.ascii_letters * padding} for row in reply["body"]]
                payload = written(reply)
            if received.reply and payload is not None:
                sent = await bus.put(payload)
                await received.respond(sent)
                replied = "inline" if sent is payload else bus.tokens
            else:
                replied = None
            wrong = forbidden(message, received.data, received.headers, way)
            print(json.dumps({"subject": subject, "body": message["body"], "way": way, "replied": replied, "wrong": wrong}), flush=True)

    await bus.client.subscribe(subject, queue=entry["queue"], cb=answer)


async def main() -> int:
    parser = options(__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("--layout", choices=["newest", "2022"], default="newest", help="replies of 2022 repeat the request_id")
    parser.add_argument("--only", default="", help="only subjects that begin so, several with commas between")
    parser.add_argument("--padding", type=int, default=0, help="makes each row of a list longer, 52 characters a step")
    given = parser.parse_args()
    bus = await Bus.connect(given)
    for subject, entry in json.loads(given.answers.read_text()).items():
        if subject.startswith(tuple(given.only.split(","))):
            await serve(bus, subject, entry, given.layout, given.padding)
    await bus.client.flush()
    print("serving", flush=True)
    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    await end.wait()
    await bus.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
