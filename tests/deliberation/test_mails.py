# SPDX-License-Identifier: AGPL-3.0-or-later
"""Archives of mails become threads: who answered what, in which charset, without any address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation import archives, loomio, mails
from kollontai.chapters.deliberation.models import ArchivedThread
from kollontai.chapters.deliberation.plainwords import plain
from tests.agreement import the_auditor_agrees
from tests.web.hall import Hall, built, form_key

__all__ = ["the_auditor_agrees"]
LETTERS = Path(__file__).parent.parent / "data/mails/addresses.mbox"


def mail(body: str | bytes = "Words.", **headings: str) -> bytes:
    """A mail in an archive; `In_Reply_To` and the like for headings with hyphens."""
    given = {
        "From": "Ada Marsh <ada@example.org>",
        "Subject": "The shed",
        "Date": "Mon, 2 Feb 2004 10:00:00 +0100",
    }
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {**given, **headings}.items() if value]
    words = body if isinstance(body, bytes) else body.encode()
    return b"From x Mon Feb  2 10:00:00 2004\n" + "\n".join(lines).encode() + b"\n\n" + words + b"\n\n"


def read(*some: bytes) -> loomio.Found:
    """What an archive of these mails holds."""
    return mails.preview(b"".join(some))


def test_public_letters_become_two_threads_without_an_address() -> None:
    found = mails.preview(LETTERS.read_bytes())
    assert found.problems == ()
    manchester, address = found.threads
    assert (manchester.title, manchester.who) == ("To the Working-men of Manchester", "Abraham Lincoln")
    assert manchester.at == "1863-01-19T17:00Z"
    assert address.title == "Address of the International Working Men’s Association to Abraham Lincoln"
    assert "\n\nFrom the commencement of the titanic American strife" in address.text
    assert "workingmen of Europe—the council being constituted" in address.text
    assert address.text.endswith("[1 file was left out]")
    assert found.left == 1
    (reply,) = address.remarks
    assert (reply.who, reply.answers) == ("C. F. Adams", 0)
    assert reply.text.count("I now have the honor to transmit the address") == 1, "one of its two forms"
    whole = "".join(archives.write(one) for one in found.threads)
    assert ".example" not in whole
    assert mails.NO_ADDRESS in whole
    assert all(archives.usable("mbox", one) is None for one in found.threads)


def test_an_answer_stands_under_what_it_answers_in_whatever_order_the_mails_lie() -> None:
    first = mail("One.", Message_ID="<1@x>")
    second = mail(
        "Two.",
        Message_ID="<2@x>",
        Subject="Re: The shed",
        In_Reply_To="<1@x>",
        Date="Mon, 2 Feb 2004 09:00:00 +0100",
    )
    third = mail("Three.", Message_ID="<3@x>", Subject="AW: Re: The shed", References="<1@x> <2@x>")
    other = mail("Other.", Message_ID="<4@x>", Subject="The roof")
    for some in ([first, second, third, other], [other, third, second, first]):
        found = read(*some)
        thread = next(one for one in found.threads if one.title == "The shed")
        assert thread.text == "One."
        assert [(one.text, one.answers) for one in thread.remarks] == [("Two.", 0), ("Three.", 1)]
        assert len(found.threads) == 2


def test_answers_to_what_is_lost_stay_together() -> None:
    found = read(
        mail("A.", Message_ID="<2@x>", Subject="Re: Lost", References="<1@x>"),
        mail(
            "B.",
            Message_ID="<3@x>",
            Subject="Re: Lost",
            References="<1@x>",
            Date="Tue, 3 Feb 2004 10:00:00 +0100",
        ),
    )
    (thread,) = found.threads
    assert (thread.title, thread.text, [one.text for one in thread.remarks]) == ("Lost", "A.", ["B."])


def test_an_re_without_a_reference_answers_the_newest_of_its_title() -> None:
    found = read(
        mail("One.", Message_ID="<1@x>", Subject="[club] The shed"),
        mail(
            "Two.", Message_ID="<2@x>", Subject="[club] Re: the SHED", Date="Tue, 3 Feb 2004 10:00:00 +0100"
        ),
        mail("Three.", Message_ID="<3@x>", Subject="The shed", Date="Wed, 4 Feb 2004 10:00:00 +0100"),
    )
    assert [(one.text, [two.text for two in one.remarks]) for one in found.threads] == [
        ("One.", ["Two."]),
        ("Three.", []),
    ]


def test_mails_that_answer_each_other_in_a_ring_come_along_once() -> None:
    found = read(*(mail(f"{n}.", Message_ID=f"<{n}@x>", In_Reply_To=f"<{(n + 1) % 3}@x>") for n in range(3)))
    said = sorted(text for one in found.threads for text in (one.text, *(two.text for two in one.remarks)))
    assert said == ["0.", "1.", "2."]


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Ada Marsh <ada@example.org>", "Ada Marsh"), ('"Marsh, Ada" <ada@example.org>', "Marsh, Ada"),
        ("ada@example.org", ""), ("ada at example.org (Ada Marsh)", "Ada Marsh"),
        ("ada@example.org (Ada Marsh)", "Ada Marsh"), ('"ada@example.org" <ada@example.org>', ""),
        ("=?utf-8?q?Zo=C3=AB_M?= <z@example.org>", "Zoë M"), ("=?nonsense?q?Zo=C3?= <z@example.org>", None), ("", ""),
    ],
)  # fmt: skip
def test_of_a_sender_the_name_alone_comes_along(sender: str, name: str | None) -> None:
    (thread,) = read(mail(From=sender)).threads
    assert "example" not in thread.who
    assert name is None or thread.who == name


@pytest.mark.parametrize(
    "words",
    ["Write to ada@example.org.", "<mailto:ada@example.org>", "On Monday ada at example.org wrote:",
     "Ada <ada.marsh+club@mail.example.co.uk> said", "ada(at)example.org", "(ada@example.org)"],
)  # fmt: skip
def test_no_address_is_kept_in_words(words: str) -> None:
    (thread,) = read(mail(f"{words} It is 10.30 at the hall.", Subject=words)).threads
    assert "example" not in thread.text + thread.title
    assert "10.30 at the hall" in thread.text


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("utf-8", "Größe".encode()), ("iso-8859-1", "Größe".encode("latin-1")), ("windows-1252", "Größe".encode("cp1252")),
        ("utf-8", "Größe".encode("latin-1")), ("", "Größe".encode()), ("x-unknown", "Größe".encode()),
        ("koi8-r", "Größe".encode()),
    ],
)  # fmt: skip
def test_charsets_are_read_even_where_they_are_named_wrongly(charset: str, data: bytes) -> None:
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    (thread,) = read(mail(data, Content_Type=kind)).threads
    assert thread.text == "Größe" or (charset == "koi8-r" and thread.text)


def test_html_is_read_as_words_and_a_mail_within_a_mail_is_left() -> None:
    (thread,) = read(mail("<p>Mend <b>it</b></p><script>x()</script>", Content_Type="text/html")).threads
    assert thread.text == "Mend it"
    inner = "--b\nContent-Type: text/plain\n\nSee this.\n--b\nContent-Type: message/rfc822\n\nFrom: a@example.org\n\nSecret.\n--b--"
    found = read(mail(inner, Content_Type="multipart/mixed; boundary=b"))
    assert found.threads[0].text == "See this.\n\n[1 file was left out]"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"), (b"Dear all,\n", "does not begin with a line"), (b"\0" * 50, "does not begin"),
        (b"x" * (mails.MOST_BYTES + 1), "larger than 50 MB"), (mail(Subject=""), "no title"),
        (mail(Message_ID="<1@x>") * 2, "stands in the file twice"), (mail(""), "no words"),
        (mail("x" * 600_000), "longer than 500 kB"),
    ],
    ids=lambda one: str(one)[:20],
)  # fmt: skip
def test_what_cannot_be_brought_along_is_named(data: bytes, reason: str) -> None:
    assert any(reason in one.reason for one in mails.preview(data).problems)


def test_a_line_that_begins_with_from_divides_nothing() -> None:
    (thread,) = read(mail("One.\n\nFrom here on it is simple.\n>From 2004 too.\n")).threads
    assert thread.text == "One.\n\nFrom here on it is simple.\nFrom 2004 too."


@given(st.lists(st.binary(max_size=200), max_size=4), st.text(max_size=60))
def test_no_archive_breaks_the_reader(bodies: list[bytes], heading: str) -> None:
    clean = heading.replace("\n", " ").replace("\r", " ").encode("utf-8", "replace").decode()
    some = [mail(body, Subject=clean, References=clean, Date=clean, Content_Type=clean) for body in bodies]
    for thread in mails.preview(b"".join(some)).threads:
        assert archives.usable("mbox", thread) is None


def test_deep_and_wide_mails_are_read_in_reasonable_work() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300))
    found = mails.preview(b"From x Mon Feb  2 10:00:00 2004\nSubject: Deep\n" + deep)
    assert found.threads or found.problems
    wide = "".join(f"--b\nContent-Type: text/plain\n\n{n}\n" for n in range(5_000))
    (thread,) = read(mail(wide + "--b--", Content_Type="multipart/mixed; boundary=b")).threads
    assert len(thread.text) < 2_000


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    """An organisation with its members."""
    return built(now)


def test_letters_are_brought_along_on_the_page(hall: Hall, the_auditor_agrees: None) -> None:
    ada = hall.enter("ada")
    upload = SimpleUploadedFile("letters.mbox", LETTERS.read_bytes())
    page = ada.post("/tidewater/archive/bring/", {"file": upload}).content.decode()
    assert "To the Working-men of Manchester" in page
    key = form_key(page)
    assert (
        ada.post("/tidewater/archive/bring/now/", {"form_key": key, "which": ["0", "1"]}).status_code == 302
    )
    assert {one.source for one in ArchivedThread.objects.all()} == {"mbox"}
    shown = "".join(
        ada.get(f"/tidewater/archive/{one.pk}/").content.decode() for one in ArchivedThread.objects.all()
    )
    assert "C. F. Adams" in shown
    assert "legation" not in shown


def test_letters_are_brought_along_by_the_command(
    hall: Hall, the_auditor_agrees: None, monkeypatch: Any
) -> None:
    from kollontai.cli import cli

    account = account_for("ada@example.org", at=hall.now.time)
    _, secret = tokens.make(account, label="x", scopes=["act"], days=9, at=hall.now.time)
    monkeypatch.setenv("KOLLONTAI_TOKEN", secret)
    ran = CliRunner().invoke(cli, ["import-archive", "tidewater", str(LETTERS), "--bring-along"])
    assert ran.exit_code == 0, ran.output
    assert "2 threads can be brought along." in ran.output
    assert ArchivedThread.objects.filter(source="mbox").count() == 2


@pytest.mark.parametrize(
    "words",
    ["<a " * 60_000, "<!--" * 60_000, "<a b=\"" * 60_000, "<!--a>" * 60_000, "&" * 200_000, "</a " * 60_000, "<" * 200_000],
)  # fmt: skip
def test_html_that_closes_nothing_is_read_in_reasonable_work(words: str) -> None:
    assert len(plain(words)) <= len(words)


def test_a_line_without_an_end_is_read_in_reasonable_work() -> None:
    assert not mails.is_mbox(b"From " + b"1" * 2_000_000)
    assert mails.is_mbox(b"From a 11\n\nFrom " + b"1" * 2_000_000)


def test_html_keeps_its_words_and_its_blocks() -> None:
    html = (
        "<!doctype html><style>p {}</style><p class='a'>One &amp; two<br>three</P><ul><li>four<li>five</ul>"
        "<!-- <p>six --><script>if (a < b) {}</script>7 < 8 <b>and</b> 9"
    )
    words = [line for line in plain(html).split("\n") if line]
    assert words == ["One & two", "three", "- four", "- five", "7 < 8 and 9"]
