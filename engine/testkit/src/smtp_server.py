"""A mail server for tests: aiosmtpd, with what the command line says. Keeps every mail as a file."""

import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

settings = json.loads(sys.argv[1])


class Keeper:
    """Refuses the recipients that it is told to, or the mail itself; keeps all others."""

    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in settings["refused_recipients"]:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if settings["refuses"]:
            return settings["refuses"]
        Keeper.count += 1
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "user": session.auth_data,
            "encrypted": session.ssl is not None,
            "source": envelope.content.decode("utf-8", "surrogateescape"),
        }
        path = os.path.join(settings["folder"], f"mail-{Keeper.count:04}.json")
        with open(path + ".part", "w", encoding="ascii") as file:
            json.dump(kept, file)
        os.rename(path + ".part", path)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, login):
    known = [login.login.decode(), login.password.decode()] == settings["login"]
    return AuthResult(success=known, handled=False, auth_data=login.login.decode())


def session():
    context = None
    if settings["certificate"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings["certificate"], settings["key"])
    wants_login = settings["login"] is not None
    return SMTP(
        Keeper(),
        hostname=settings["name"],
        ident="aiosmtpd",
        tls_context=context,
        require_starttls=context is not None,
        auth_required=wants_login,
        auth_require_tls=False,
        authenticator=authenticate if wants_login else None,
    )


async def main():
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", settings["port"])
    await server.serve_forever()


asyncio.run(main())
