# SPDX-License-Identifier: AGPL-3.0-or-later
"""`doctor --mail-to` sends a letter through the mail server that is set up, and says what came of it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.cli.test_commands import House, house

__all__ = ["house"]


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that takes letters, but none to anybody called nobody."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    """What such a server says (RFC 5321)."""

    def handle(self) -> None:
        """Talk until the other side goes."""
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper().partition(" ")[0]
            if word == "DATA":
                self._say("354 go on")
                lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                assert isinstance(self.server, MailServer)
                self.server.letters.append("\n".join(lines))
            if word == "QUIT":
                self._say("221 bye")
                return
            self._say("550 no such person" if "nobody@" in line else "250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def through(server: MailServer) -> dict[str, str]:
    return {
        "KOLLONTAI_SMTP_HOST": "127.0.0.1",
        "KOLLONTAI_SMTP_PORT": str(server.server_address[1]),
        "KOLLONTAI_SMTP_TLS": "0",
        "KOLLONTAI_SITE": "https://hall.example",
    }


def test_a_letter_goes_out_and_the_doctor_says_so(house: House, server: MailServer) -> None:
    ran = house.run("doctor", "--mail-to", "me@example.org", **through(server))
    assert f"127.0.0.1:{server.server_address[1]} took a letter to me@example.org" in ran.stdout
    [letter] = server.letters
    assert "Subject: A letter from the doctor" in letter
    assert "https://hall.example/" in letter


def test_what_the_mail_server_answered_is_told(house: House, server: MailServer) -> None:
    ran = house.run("doctor", "--mail-to", "nobody@example.org", **through(server))
    assert ran.returncode == 1
    assert "  LOOK   No letter to nobody@example.org" in ran.stdout
    assert "no such person" in ran.stdout
    assert server.letters == []


def test_without_a_mail_server_it_says_what_is_missing(house: House) -> None:
    ran = house.run("doctor", "--mail-to", "me@example.org", KOLLONTAI_SMTP_HOST="")
    assert ran.returncode == 1
    assert "No letter to me@example.org: no mail server is set up (KOLLONTAI_SMTP_HOST)." in ran.stdout


def test_without_the_option_nothing_is_sent(house: House, server: MailServer) -> None:
    house.run("doctor", **through(server))
    assert server.letters == []
