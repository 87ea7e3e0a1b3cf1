"""A real mail server for the tests: STARTTLS required, every accepted mail kept as files.

Run as `smtp_server.py WORK`, where WORK holds server.pem and server.key. Prints `listening on 127.0.0.1:PORT`.
Mail n (from 1) becomes WORK/mailbox/n.eml, then WORK/mailbox/n.json with its envelope; both appear by rename, so
whoever sees n.json reads whole files. A client may log in as `sisan` with the password `test only`; a wrong password
gets 535. The local part of a recipient may ask for trouble, by what stands before its first `+`:

  refuse+        550 to RCPT TO
  defer+         450 to RCPT TO, each time
  defer-once+    450 to RCPT TO the first time, then accepted
  refuse-data+   554 after DATA; nothing is kept
  drop+          the mail is kept, and the connection is closed instead of the reply to the final dot
  hang+          the mail is kept, and no reply ever comes
"""

import asyncio
import itertools
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class KeepAsFiles:
    def __init__(self, mailbox):
        self.mailbox = mailbox
        self.numbers = itertools.count(1)
        self.deferred = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        trouble = trouble_of(address)
        if trouble == "refuse":
            return "550 5.1.1 No such mailbox"
        if trouble == "defer" or (trouble == "defer-once" and address not in self.deferred):
            self.deferred.add(address)
            return "450 4.2.1 Mailbox busy, try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server, session, envelope):
        troubles = {trouble_of(address) for address in envelope.rcpt_tos}
        if "refuse-data" in troubles:
            return "554 5.7.1 Message refused"
        number = next(self.numbers)
        self.keep(f"{number}.eml", envelope.original_content)
        about = {"number": number, "sender": envelope.mail_from, "recipients": envelope.rcpt_tos, "authenticated": bool(session.authenticated)}
        self.keep(f"{number}.json", json.dumps(about).encode())
        if "drop" in troubles:
            server.transport.abort()
        if "hang" in troubles:
            await asyncio.Event().wait()
        return f"250 2.0.0 Kept as {number}"

    def keep(self, name, content):
        path = os.path.join(self.mailbox, name)
        with open(path + ".part", "wb") as file:
            file.write(content)
        os.rename(path + ".part", path)


def trouble_of(address):
    local_part = address.rpartition("@")[0]
    return local_part.partition("+")[0] if "+" in local_part else None


def authenticate(server, session, envelope, mechanism, login):
    known = LoginPassword(b"sisan", b"test only")
    return AuthResult(success=login == known, handled=False)


async def serve(work):
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(os.path.join(work, "server.pem"), os.path.join(work, "server.key"))
    keeper = KeepAsFiles(os.path.join(work, "mailbox"))

    def session():
        return SMTP(
            keeper, hostname="localhost", tls_context=tls, require_starttls=True, authenticator=authenticate, enable_SMTPUTF8=True
        )

    server = await asyncio.get_running_loop().create_server(session, host="127.0.0.1", port=0)
    print("listening on 127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
