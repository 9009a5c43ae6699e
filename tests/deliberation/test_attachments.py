# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures and PDF files come with words, plain, and go with them."""

from __future__ import annotations

import base64
import io
import zlib
from datetime import timedelta

import pytest
from PIL import Image

from kollontai.chapters.deliberation import attaching
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Attachment
from kollontai.chapters.record.refusal import Refused
from tests.deliberation.files import in_a_stream, of_objects, pdf, pdf_bytes, picture, sent
from tests.deliberation.hall import Hall
from tests.web.hall import Hall as Reader

pytestmark = pytest.mark.django_db


def bytes_of(one: Attachment) -> bytes:
    return base64.b64decode(str(one.file))


def test_a_picture_and_a_paper_come_with_words(hall: Hall) -> None:
    issue = hall.talked()
    said = hall.said("ben", issue, files=[picture(), pdf(name="an offer/2.pdf")])
    kinds = hall.world.kinds()[-3:]
    assert kinds == ["contribution.made", "attachment.made", "attachment.made"]
    first, second = said.attachments.order_by("form")
    assert (first.form, str(first.name), second.form) == ("pdf", "an offer-2.pdf", "picture")
    assert bytes_of(first) == pdf_bytes()
    assert second.size == len(bytes_of(second))


def test_nothing_but_pixels_is_kept_of_a_picture(hall: Hall) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Harbour, at night"
    one = picture("big.jpg", 4_000, "JPEG", exif=exif.tobytes(), comment=b"by phone")
    said = hall.said("ben", hall.talked(), files=[one])
    data = bytes_of(said.attachments.get())
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (1_600, 800))
    assert not image.getexif()
    assert b"Harbour" not in data
    assert b"by phone" not in data


def test_a_letter_may_come_as_pages_alone(hall: Hall) -> None:
    issue = hall.talked()
    given = {"issue_id": issue.pk, "sender": "The port", "received_at": hall.now.time - timedelta(hours=1)}
    letter = post_letter(hall.world.actor("ben"), files=[pdf()], **given).value
    assert (str(letter.text), letter.attachments.get().form) == ("", "pdf")
    assert hall.refused(post_letter, "cleo", text="", **given) == "text-empty"


def test_a_draft_brings_its_drawings(hall: Hall) -> None:
    issue = hall.talked()
    words = {"issue_id": issue.pk, "title": "A ramp", "text": "1. We build a ramp."}
    draft = put_draft(hall.world.actor("ben"), files=[picture()], **words).value
    assert draft.attachments.get().draft == draft


def test_a_draft_put_anew_brings_more_and_keeps_what_it_had(hall: Hall) -> None:
    issue = hall.talked()
    words = {"title": "A ramp", "text": "1. We build a ramp."}
    draft = put_draft(hall.world.actor("ben"), issue_id=issue.pk, files=[picture()], **words).value
    given = {"draft_id": draft.pk, "title": "A ramp", "text": "1. We build two ramps."}
    revise_draft(hall.world.actor("ben"), files=[pdf(), picture()], **given)
    assert sorted((one.version, one.form) for one in draft.attachments.all()) == [
        (0, "picture"), (2, "pdf"), (2, "picture"),
    ]  # fmt: skip
    assert hall.world.kinds()[-3:] == ["draft.revised", "attachment.made", "attachment.made"]
    bad = {**given, "text": "1. Three.", "files": [sent(b"MZ", "a.exe")]}
    assert hall.refused(revise_draft, "ben", **bad) == "file-unusable"
    assert hall.refused(revise_draft, "cleo", **{**given, "files": [pdf()]}) == "not-your-draft"
    page = Reader(hall.world, hall.now).enter("cleo").get(f"/tidewater/issues/{issue.number}/drafts/B/")
    assert page.content.decode().count("/tidewater/files/") >= 3


def test_an_amendment_brings_what_shows_why(hall: Hall) -> None:
    issue = hall.talked()
    draft = issue.drafts.get()
    given = {
        "draft_id": draft.pk, "version": 1, "operation": "insert", "first": 2, "last": 1,
        "text": "2. And a lamp.", "reasons": "It is dark.",
    }  # fmt: skip
    amendment = move_amendment(hall.world.actor("ben"), files=[picture(), pdf()], **given).value
    assert [one.form for one in amendment.attachments.order_by("form")] == ["pdf", "picture"]
    assert hall.world.kinds()[-3:] == ["amendment.moved", "attachment.made", "attachment.made"]
    assert hall.refused(move_amendment, "cleo", **{**given, "files": [pdf()] * 5}) == "too-many-files"
    assert hall.refused(move_amendment, "hal", **{**given, "files": [pdf()]}) == "leaders-after-members"
    page = (
        Reader(hall.world, hall.now)
        .enter("cleo")
        .get(f"/tidewater/issues/{issue.number}/amendments/{amendment.number}/")
    )
    one = amendment.attachments.get(form="pdf")
    assert f"/tidewater/files/{one.pk}/paper.pdf" in page.content.decode()


def test_what_came_with_words_goes_with_them(hall: Hall) -> None:
    said = hall.said("ben", hall.talked(), files=[picture(), pdf()])
    erase_contribution(hall.world.actor("ben"), contribution_id=said.pk)
    for one in said.attachments.select_related("name", "file"):
        assert one.name.erased
        assert one.file.value is None
    assert hall.world.kinds().count("content.erased") == 1


def test_what_a_leader_attaches_as_a_leader_stays(hall: Hall) -> None:
    issue = hall.stood_in("answer")
    said = hall.said("hal", issue, files=[pdf()])
    assert hall.refused(erase_contribution, "hal", contribution_id=said.pk) == "leaders-words-stay"


def test_a_leader_gets_nothing_past_the_silence_with_a_file(hall: Hall) -> None:
    given = {"issue_id": hall.talked().pk, "stance": "for", "text": "See.", "files": [pdf()]}
    assert hall.refused(speak, "hal", **given) == "leaders-after-members"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (sent(b"<svg onload=alert(1)>", "a.svg"), "file-unusable"),
        (sent(b"MZ\x90", "a.exe"), "file-unusable"),
        (attaching.Attached("a.pdf", "no base64"), "file-unusable"),
        (sent(b"<html>", "a.pdf"), "pdf-unusable"),
        (sent(pdf_bytes()[:-10], "cut.pdf"), "pdf-unusable"),
        (sent(b"  " + pdf_bytes(), "later.pdf"), "pdf-unusable"),
        (sent(pdf_bytes(b"x" * attaching.LARGEST_PDF), "a.pdf"), "pdf-too-large"),
        (pdf(b"9 0 obj<</Encrypt 8 0 R>>endobj "), "pdf-encrypted"),
        (pdf(b"9 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj "), "pdf-does-something"),
        (pdf(b"9 0 obj<</S/J#61vaScript>>endobj "), "pdf-does-something"),
        (pdf(b"9 0 obj<</S/Launch/F(cmd.exe)>>endobj "), "pdf-does-something"),
        (pdf(b"9 0 obj<</EmbeddedFiles 7 0 R>>endobj "), "pdf-does-something"),
        (pdf(in_a_stream(b"5 0 <</S/JavaScript/JS(x)>>")), "pdf-does-something"),
    ],
)
def test_what_cannot_be_kept_is_refused(hall: Hall, file: attaching.Attached, code: str) -> None:
    given = {"issue_id": hall.talked().pk, "stance": "for", "text": "See."}
    assert hall.refused(speak, "ben", files=[file], **given) == code


SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
HIDDEN = {
    "its name written otherwise": in_a_stream(SCRIPT).replace(b"/ObjStm", b"/Obj#53tm"),
    "behind a word that ends it": of_objects(
        b"\x78\x01\x00\x0a\x00\xf5\xff\nendstream"  # as it is, before what is packed
        + zlib.compress(SCRIPT)[2:-4]
        + zlib.adler32(b"\nendstream" + SCRIPT).to_bytes(4, "big")
    ),
    "behind very much": in_a_stream(bytes(attaching.MOST_INFLATED)) + in_a_stream(SCRIPT),
    "packed twice": of_objects(zlib.compress(SCRIPT.hex().encode()), b"[/FlateDecode/ASCIIHexDecode]"),
    "packed in another way": of_objects(SCRIPT.hex().encode(), b"/ASCIIHexDecode"),
    "turned": of_objects(zlib.compress(b"\2" + SCRIPT), b"/FlateDecode/DecodeParms<</Predictor 12>>"),
    "its packing said elsewhere": of_objects(zlib.compress(SCRIPT.hex().encode()), b" 9 0 R"),
    "behind a stream that is none": in_a_stream(SCRIPT).replace(b"/Filter", b"%stream\n/Filter"),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_no_script_hides_in_an_object_stream(how: str) -> None:
    refusal = attaching.usable_pdf(pdf_bytes(HIDDEN[how]))
    assert refusal is not None
    assert refusal.code in ("pdf-unusable", "pdf-does-something")


def test_a_file_full_of_streams_that_begin_is_looked_through_in_reasonable_work() -> None:
    assert attaching.usable_pdf(pdf_bytes(b"/ObjStm " * 400_000)) is None


def test_an_object_stream_that_only_says_what_the_pages_are_is_kept(hall: Hall) -> None:
    kept = attaching.tidy([pdf(in_a_stream(b"5 0 <</Type/Page/Contents 6 0 R>>"))])
    assert [one.form for one in kept] == [attaching.PDF]


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        attaching.tidy([picture("vast.png", 10_000)])
    assert refused.value.refusal.code == "file-unusable"


def test_so_many_files_and_no_more(hall: Hall) -> None:
    issue = hall.talked()
    given = {"issue_id": issue.pk, "stance": "for", "text": "See."}
    many = [pdf(name=f"{n}.pdf") for n in range(5)]
    assert hall.refused(speak, "ben", files=many, **given) == "too-many-files"
    for _time in range(5):
        hall.said("ben", issue, files=many[:4])
    assert hall.refused(speak, "ben", files=many[:1], **given) == "too-many-files-today"
    hall.said("ben", issue)
    hall.said("cleo", issue, files=many[:1])
    assert Attachment.objects.count() == 21
    hall.now.pass_days(1)
    hall.said("ben", issue, files=many[:1])


def test_so_many_bytes_in_a_day() -> None:
    plain = attaching.Plain("a.pdf", attaching.PDF, b"x" * 1_000)
    full = attaching.Flood(1, attaching.BYTES_A_DAY - 999)
    refusal = attaching.may_attach([plain], full)
    assert refusal is not None
    assert refusal.code == "too-much-today"
    assert attaching.may_attach([], full) is None
