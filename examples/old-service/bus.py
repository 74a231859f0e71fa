"""The wire contract as an old service knows it. Nothing here comes from the engine."""

import json
import secrets
from argparse import ArgumentParser, Namespace

import nats
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NoAnswer
from redis.asyncio import Redis

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PREFIX = b"_NATS_TMP"
LIFE = 300  # seconds that a stored payload is kept


def short_id() -> str:
    """22 characters, base 57."""
    return "".join(secrets.choice(ALPHABET) for _ in range(22))


def written(message: object) -> bytes:
    """Compact, and nothing but ASCII."""
    return json.dumps(message, separators=(",", ":"), default=str).encode()


class Bus:
    """A connection to NATS, and the Redis of the payloads that are too large for it.

    `tokens` is how such a payload is named in a message: `legacy` or `prefix`.
    """

    def __init__(self, client: nats.NATS, store: Redis, tokens: str) -> None:
        self.client, self.store, self.tokens = client, store, tokens

    @classmethod
    async def connect(cls, where: Namespace) -> "Bus":
        client = await nats.connect(where.nats, connect_timeout=2, max_reconnect_attempts=60)
        store = Redis.from_url(where.redis)
        await store.ping()
        return cls(client, store, where.tokens)

    async def close(self) -> None:
        await self.client.drain()
        await self.store.aclose()

    async def put(self, payload: bytes) -> bytes:
        """What is sent for a payload: itself, or the token of the stored one."""
        if len(payload) <= self.client.max_payload:
            return payload
        key = f"{PREFIX.decode()} {short_id()}" if self.tokens == "prefix" else short_id()
        await self.store.set(key, payload, ex=LIFE)
        return key.encode() if self.tokens == "prefix" else written({"token": key, "is_stored": True})

    async def take(self, payload: bytes) -> tuple[object, str]:
        """The message that came, and how: `inline`, `legacy` or `prefix`. Raises ValueError when there is none."""
        key, way = None, "inline"
        if payload.startswith(PREFIX):
            key, way = payload.decode(), "prefix"
        else:
            message = json.loads(payload)
            if isinstance(message, dict) and message.get("is_stored") is True and message.get("token") is not None:
                key, way = message["token"], "legacy"
        if key is not None:
            stored = await self.store.get(key)
            if stored is None:
                raise ValueError(f"nothing is stored under {key}")
            payload = stored
        return json.loads(payload), way

    async def ask_raw(self, subject: str, payload: bytes, timeout: float) -> bytes | None:
        """The reply as it came; None when nobody answered in time (seconds)."""
        try:
            return (await self.client.request(subject, await self.put(payload), timeout=timeout)).data
        except (NoAnswer, NoRespondersError):
            return None

    async def ask(self, subject: str, body: object, timeout: float = 10) -> dict | None:
        """Envelope, request, reply."""
        reply = await self.ask_raw(subject, written({"request_id": short_id(), "body": body}), timeout)
        return None if reply is None else (await self.take(reply))[0]

    async def publish(self, subject: str, message: object) -> None:
        await self.client.publish(subject, await self.put(written(message)))


def options(description: str) -> ArgumentParser:
    parser = ArgumentParser(description=description)
    parser.add_argument("--nats", default="nats://127.0.0.1:4222")
    parser.add_argument("--redis", default="redis://127.0.0.1:6379")
    parser.add_argument("--tokens", choices=["legacy", "prefix"], default="legacy")
    return parser
