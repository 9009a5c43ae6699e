# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed files, other keys, other releases, orders of courts, and whether the house is well."""

from __future__ import annotations

import importlib
import io
import json
import os
from collections import namedtuple
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from kollontai import clock
from kollontai.auditor import audit_export
from kollontai.chapters.accounts import steps
from kollontai.chapters.accounts.models import Account, Mail
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.open_founding import open_founding
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.record import publishing, sequencer, standing, tables, witnessing
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import Content, Deadline, EntryRow, Head
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.models import Poll
from kollontai.followers import notices
from kollontai.followers.export import export_to
from kollontai.followers.keeping import erasing, handover, health, operating, restoring
from kollontai.followers.keeping.backup import NotNow, release
from kollontai.followers.keeping.strongbox import CHUNK, BoxKey, Opening, PrivateBoxKey, Sealing, Unopened
from kollontai.followers.own_audit import audit_own
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.kinds.founding import SoftwareUpgraded
from kollontai.openrecord.kinds.operators import HostChanged
from kollontai.openrecord.rotation import Change, chain, follow, rotated
from kollontai.openrecord.spelling import to_base64
from kollontai.openrecord.times import write_time
from kollontai.openrecord.witness import Request
from kollontai.web.views import health as page
from tests.elections import hall as elections
from tests.web.hall import Hall, built, form_key
from tests.web.test_pages import is_well_set

ORDER = {
    "court": "District Court",
    "number": "7 C 19/26",
    "date": "2026-02-03",
    "statute": "s. 1",
    "words": "Go.",
}


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return built(now)


def audited(hall: Hall, folder: Path, **given: Any) -> Any:
    export_to(hall.world.organisation, folder)
    return audit_export(folder, **given)


# --- Sealed files ------------------------------------------------------------------------------------


def sealed(data: bytes, key: BoxKey, step: int = 10_000) -> bytes:
    out = io.BytesIO()
    sealing = Sealing(out, key)
    for at in range(0, len(data), step):
        sealing.write(data[at : at + step])
    sealing.close()
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_001])
def test_what_is_sealed_opens_with_its_key_alone(size: int) -> None:
    key, data = PrivateBoxKey.generate(), bytes(number % 251 for number in range(size))
    file = sealed(data, key.public)
    assert Opening(io.BytesIO(file), key).read() == data
    opening = Opening(io.BytesIO(file), key)
    assert b"".join(iter(lambda: opening.read(777), b"")) == data
    with pytest.raises(Unopened, match="sealed to the key"):
        Opening(io.BytesIO(file), PrivateBoxKey.generate())
    assert data not in file or not data or size == 1


def test_a_sealed_file_that_was_changed_cut_or_lengthened_does_not_open() -> None:
    key = PrivateBoxKey.generate()
    file = sealed(bytes(2 * CHUNK + 5), key.public)
    whole = CHUNK + 17
    begins = len(file) - 2 * whole - 5 - 17
    swapped = (
        file[:begins] + file[begins + whole : begins + 2 * whole] + file[begins : begins + whole] + file[-22:]
    )
    bad = [file[:end] for end in (0, 10, 25, 60, 110, 130, begins, begins + whole, len(file) - 1)]
    bad += [
        file + b"\0",
        swapped,
        *(file[:at] + bytes([file[at] ^ 4]) + file[at + 1 :] for at in (40, 115, 5_000, -1)),
    ]
    assert len(swapped) == len(file)
    for one in bad:
        with pytest.raises(Unopened):
            Opening(io.BytesIO(one), key).read()


def test_a_key_is_known_by_its_line_and_a_slip_of_the_pen_is_found(tmp_path: Path) -> None:
    key = PrivateBoxKey.generate()
    assert BoxKey.parse(f"{key.public}\n") == key.public
    key.save(tmp_path / "key")
    assert PrivateBoxKey.load(tmp_path / "key") == key
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        key.save(tmp_path / "key")
    line = str(key.public)
    slip = line[:-3] + ("A" if line[-3] != "A" else "B") + line[-2:]
    for wrong in ("", "kollontai-box+x", line + "A", slip, "PRIVATE+" + line):
        with pytest.raises(Unopened):
            BoxKey.parse(wrong)
    assert "secret" not in repr(key)


# --- Other keys --------------------------------------------------------------------------------------


def test_keys_are_followed_as_far_as_each_brings_in_the_next() -> None:
    one, two, three, other = (SigningKey.generate("a.example/log") for _ in range(4))

    def change(number: int, old: SigningKey, new: SigningKey) -> Change:
        said = rotated(number, old, new)
        return Change.read("a.example/log", said.number, said.by, said.public, said.signature, said.proof)

    good = [change(2, one, two), change(3, two, three)]
    assert list(chain(good)) == [one.verifier, two.verifier, three.verifier]
    assert list(chain([good[0], change(3, other, three)])) == [one.verifier, two.verifier]
    assert list(chain([good[0], change(4, two, three)])) == [one.verifier, two.verifier]
    assert list(chain([change(3, one, two)])) == []
    said = rotated(2, one, two)
    elsewhere = Change.read("b.example/log", 2, said.by, said.public, said.signature, said.proof)
    assert not elsewhere.holds
    forged = Change.read(
        "a.example/log", 2, other.verifier.public.hex(), said.public, said.signature, said.proof
    )
    assert not forged.holds
    assert list(chain([forged])) == []


def test_a_witness_that_knows_the_old_key_cosigns_while_both_sign(hall: Hall, tmp_path: Path) -> None:
    organisation = hall.world.organisation
    old = publishing.keys.load(organisation).verifier
    witnessing.follow(old)
    operating.rotate(organisation)
    request = Request(0, (), publishing.checkpoint_path(organisation).read_bytes(), None)  # type: ignore[arg-type]
    assert witnessing.answer(request.format(), at=hall.now.time).status == 200
    operating.end_old_key(organisation)
    operating.upgrade(organisation)
    note = publishing.checkpoint_path(organisation).read_bytes()
    request = Request(0, (), note, None)  # type: ignore[arg-type]
    assert witnessing.answer(request.format(), at=hall.now.time).status == 403
    record = RecordDirectory(publishing.folder(organisation))
    new = publishing.keys.load(organisation).verifier
    assert follow(record, old, note) == new
    witnessing.follow(new)
    assert witnessing.answer(request.format(), at=hall.now.time).status in (200, 409)
    assert audited(hall, tmp_path / "copy", vkey=old).ok
    served = Client().get("/record/tidewater/log.vkeys").content.decode().splitlines()
    assert served == [str(old), str(new)]


class Killed(BaseException):
    """The process ended here: nothing after it was done, nothing before it taken back."""


def killed(*_: Any, **__: Any) -> Any:
    raise Killed


def signs_still(hall: Hall, folder: Path) -> bool:
    """Whether acts go on the record, and whoever reads the files finds everything good."""
    before = EntryRow.objects.count()
    issue = Issue.objects.first() or hall.at_talk()
    speak(hall.world.actor("ada"), issue_id=issue.pk, stance="for", text="We go on.")
    return EntryRow.objects.count() > before and bool(audited(hall, folder).ok)


def stopped_while_drawing(monkeypatch: Any) -> None:
    def half(key: SigningKey, path: Path) -> None:
        path.write_text("PRIVATE+KEY+")
        raise Killed

    monkeypatch.setattr(SigningKey, "save", half)


def stopped_between_two_names(monkeypatch: Any) -> None:
    rename = Path.rename

    def until(path: Path, to: Path) -> Path:
        if Path(to).name == "tidewater.key":
            raise Killed
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", until)


def stopped_before_it_is_shown(monkeypatch: Any) -> None:
    monkeypatch.setattr(publishing, "write_verifiers", killed)


@pytest.mark.parametrize(
    "stopped", [stopped_while_drawing, stopped_between_two_names, stopped_before_it_is_shown]
)
def test_whoever_is_stopped_while_the_key_changes_does_it_again(
    hall: Hall, tmp_path: Path, monkeypatch: Any, stopped: Any
) -> None:
    organisation = hall.world.organisation
    old = publishing.keys.load(organisation).verifier
    with monkeypatch.context() as patch:
        stopped(patch)
        with pytest.raises(Killed):
            operating.rotate(organisation)
    assert signs_still(hall, tmp_path / "midst")
    new = operating.rotate(organisation).verifier
    assert new != old
    assert publishing.keys.load(organisation).verifier == new
    assert (publishing.folder(organisation) / "log.vkey").read_text().strip() == str(new)
    with pytest.raises(NotNow, match="still signs"):
        operating.rotate(organisation)
    operating.end_old_key(organisation)
    assert signs_still(hall, tmp_path / "after")
    assert EntryRow.objects.filter(kind="key.rotated").count() == 1


def test_the_old_key_is_not_ended_while_it_is_the_present_one_too(
    hall: Hall, tmp_path: Path, monkeypatch: Any
) -> None:
    organisation = hall.world.organisation
    with monkeypatch.context() as patch:
        stopped_between_two_names(patch)
        with pytest.raises(Killed):
            operating.rotate(organisation)
    with pytest.raises(NotNow, match="not taken its place"):
        operating.end_old_key(organisation)
    assert signs_still(hall, tmp_path / "midst")


@pytest.mark.parametrize("at", ["fsync", "unlink"])
def test_whoever_is_stopped_while_the_old_key_is_destroyed_does_it_again(
    hall: Hall, tmp_path: Path, monkeypatch: Any, at: str
) -> None:
    organisation = hall.world.organisation
    old = publishing.keys.key_path(organisation).read_bytes()
    operating.rotate(organisation)
    with monkeypatch.context() as patch:
        if at == "fsync":
            patch.setattr(os, "fsync", killed)
        else:
            patch.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            operating.end_old_key(organisation)
    assert signs_still(hall, tmp_path / "midst")
    operating.end_old_key(organisation)
    with pytest.raises(NotNow, match="one key alone already"):
        operating.end_old_key(organisation)
    assert signs_still(hall, tmp_path / "after")
    assert old not in [path.read_bytes() for path in keys_of(hall)]
    assert [path.name for path in keys_of(hall) if ".key" in path.name] == ["tidewater.key"]


def keys_of(hall: Hall) -> list[Path]:
    folder = publishing.keys.key_path(hall.world.organisation).parent
    return [path for path in folder.rglob("*") if path.is_file()]


# --- Another host ------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_whoever_is_stopped_while_the_keys_of_a_house_are_destroyed_does_it_again(
    hall: Hall, monkeypatch: Any, steps: int
) -> None:
    organisation = hall.world.organisation
    head = Head.objects.get(pk=organisation.pk)
    operating.rotate(organisation)
    sealing.create(organisation, "apoll00000000000")
    signed = publishing.keys.signers(organisation)
    later = Checkpoint(organisation.origin, head.size + 9, bytes(head.root)).sign(*signed)
    standing.stand_still(standing.HANDED_OVER, {standing.EVERY: {}})
    unlink, done = Path.unlink, []

    def until(path: Path, missing_ok: bool = False) -> None:
        if len(done) == steps:
            raise Killed
        done.append(path)
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", until)
        with pytest.raises(Killed):
            handover.finish(later)
    assert handover.finish(later) == organisation
    assert [path.name for path in keys_of(hall) if ".key" in path.name or "apoll" in path.name] == []
    with pytest.raises(NotNow, match="no record whose key still lies here"):
        handover.finish(later)


def test_a_handover_that_was_stopped_stands_on_the_record_once(
    hall: Hall, tmp_path: Path, monkeypatch: Any
) -> None:
    key = PrivateBoxKey.generate().public
    again = partial(handover.hand_over, key=key, leaving="Ada", coming="Ben", at=hall.now.time)
    monkeypatch.setattr(handover, "make", killed)  # the copy itself is tried on real files: tests/faults
    with monkeypatch.context() as patch:
        patch.setattr(standing, "stand_still", killed)
        with pytest.raises(Killed):
            again(tmp_path / "one")
    with pytest.raises(Killed):
        again(tmp_path / "two")
    assert EntryRow.objects.filter(kind="host.changed").count() == 1
    assert standing.note()["why"] == standing.HANDED_OVER


def test_a_house_whose_keys_can_be_put_nowhere_goes_on(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotNow, match="Nothing can be written to"):
        handover.hand_over(
            tmp_path / "file" / "folder", PrivateBoxKey.generate().public,
            leaving="Ada", coming="Ben", at=hall.now.time,
        )  # fmt: skip
    assert not standing.note()
    assert not EntryRow.objects.filter(kind="host.changed").exists()


# --- Another release ---------------------------------------------------------------------------------


def test_another_release_is_said_once_for_each(hall: Hall, tmp_path: Path, monkeypatch: Any) -> None:
    organisation = hall.world.organisation
    assert operating.upgrade(organisation)
    assert not operating.upgrade(organisation)
    monkeypatch.setattr(operating, "release", lambda: "9.9.1")
    assert operating.upgrade(organisation)
    last = operating.last_of(organisation, SoftwareUpgraded)
    assert isinstance(last, SoftwareUpgraded)
    assert last.version == "9.9.1"
    assert EntryRow.objects.filter(kind="software.upgraded").count() == 2
    assert audited(hall, tmp_path / "copy").ok
    assert release() != "9.9.1"


def test_with_tables_of_another_release_nothing_is_served(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(tables, "missing", lambda: 1)
    with pytest.raises(SystemExit) as stopped:
        importlib.import_module("kollontai.cli.serve")._look_over_everything()
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith("kollontai migrate.\n")


# --- By law ------------------------------------------------------------------------------------------


def test_what_a_court_ordered_goes_with_its_order_on_the_record_and_a_letter(
    hall: Hall, tmp_path: Path
) -> None:
    issue = hall.at_talk()
    organisation = hall.world.organisation
    said = speak(
        hall.world.actor("ada"), issue_id=issue.pk, stance="for", text="The words that must go."
    ).value
    author, contents = erasing.words_of(organisation, said.pk)
    before = Mail.objects.count()
    assert erasing.erase_by_order(organisation, author, contents, ORDER) == 1
    row = Content.objects.get(pk=contents[0].pk)
    assert (row.value, row.salt) == (None, None)
    letter = Mail.objects.order_by("-id")[0]
    assert Mail.objects.count() == before + 1
    assert "District Court" in letter.body
    assert "The words that must go" not in letter.body
    with pytest.raises(NotNow, match="erased already"):
        erasing.erase_by_order(organisation, author, contents, ORDER)
    report = audited(hall, tmp_path / "copy")
    assert report.ok, report.text()
    assert [one.check for one in report.observations] == ["orders_listed"]
    html = hall.enter("ben").get(f"/tidewater/issues/{issue.number}/").content.decode()
    assert "The words that must go" not in html
    assert "Erased because a court ordered it" in html
    entry = EntryRow.objects.get(kind="content.erased_by_order")
    shown = hall.enter("ben").get(f"/tidewater/record/entries/{entry.position}/").content.decode()
    assert "District Court" in shown


def test_whoever_is_told_of_an_order_reads_it_in_their_language(hall: Hall) -> None:
    steps.account_for("ben@example.org", at=hall.now.time)
    Account.objects.filter(email="ben@example.org").update(language="de")
    organisation = hall.world.organisation
    for name in ("ben", "cleo"):
        member, contents = erasing.name_of(organisation, hall.world.actor(name).id)
        erasing.erase_by_order(organisation, member, contents, ORDER)
    subjects = dict(Mail.objects.filter(body__contains="7 C 19/26").values_list("to", "subject"))
    with override("de"):
        german = gettext("Something of yours was erased")
    assert subjects == {
        "ben@example.org": german, "cleo@example.org": "Something of yours was erased",
    }  # fmt: skip
    assert german != "Something of yours was erased"


def test_a_name_goes_by_order_too_and_nothing_that_is_voted_on(hall: Hall, tmp_path: Path) -> None:
    organisation = hall.world.organisation
    member, contents = erasing.name_of(organisation, hall.world.actor("ben").id)
    erasing.erase_by_order(organisation, member, contents, ORDER)
    assert audited(hall, tmp_path / "copy").ok
    for find in (erasing.words_of, erasing.name_of):
        with pytest.raises(NotNow, match="There is no"):
            find(organisation, "nothing")


def test_by_order_every_name_goes_under_which_somebody_ever_came(hall: Hall, tmp_path: Path) -> None:
    organisation, ben = hall.world.organisation, hall.world.actor("ben")
    leave(ben)
    apply(ben, unit_id=hall.world.unit().pk, name="Benjamin Former")
    decline_invitation(ben)
    apply(ben, unit_id=hall.world.unit().pk, name="Benjamin")
    member, contents = erasing.name_of(organisation, ben.id)
    assert [str(one) for one in contents] == ["Ben", "Benjamin Former", "Benjamin"]
    assert erasing.erase_by_order(organisation, member, contents, ORDER) == 3
    assert not Content.objects.filter(author=ben.id, field="name", erased_at=None).exists()
    assert audited(hall, tmp_path / "copy").ok
    with pytest.raises(NotNow, match="erased already"):
        erasing.erase_by_order(organisation, *erasing.name_of(organisation, ben.id), ORDER)


@pytest.mark.parametrize(
    "bad",
    [b"", b"\xff", b"court = 1", json.dumps(ORDER).encode(), b'court = "x"', b"a = " + b"[" * 9_000,
     "".join(f'{name} = "x"\n' for name in (*ORDER, "more")).encode(),
     "".join(f'{name} = " "\n' for name in ORDER).encode()],
)  # fmt: skip
def test_an_order_names_its_court_number_date_statute_and_words(bad: bytes) -> None:
    with pytest.raises(erasing.NoOrder):
        erasing.read_order(bad)
    good = "".join(f'{name} = "{text}"\n' for name, text in ORDER.items()).encode()
    assert erasing.read_order(good) == ORDER


# --- Standing still ----------------------------------------------------------------------------------


@pytest.mark.parametrize("why", [standing.RESTORED, standing.HANDED_OVER, "anything"])
def test_a_house_that_stands_still_shows_pages_and_takes_no_act(hall: Hall, why: str) -> None:
    issue = hall.at_talk()
    before = EntryRow.objects.count()
    standing.stand_still(why, {standing.EVERY: {}})
    with pytest.raises(sequencer.StandsStill):
        speak(hall.world.actor("ada"), issue_id=issue.pk, stance="for", text="Nobody hears this.")
    assert EntryRow.objects.count() == before
    ben = hall.enter("ben")
    address = f"/tidewater/issues/{issue.number}/"
    html = ben.get(address).content.decode()
    data = {"stance": "for", "text": "A long thought of mine.", "form_key": form_key(html)}
    refused = ben.post(f"{address}speak/", data)
    assert refused.status_code == 503, refused.content
    assert "This house stands still" in refused.content.decode()
    assert "A long thought of mine." in refused.content.decode()
    with pytest.raises(sequencer.StandsStill):
        open_founding(Actor("anotherone", "operator", "operator"), proposal=None)  # type: ignore[arg-type]
    standing.path().write_text("{broken")
    with pytest.raises(sequencer.StandsStill):
        sequencer.sequence(hall.world.id)
    standing.path().unlink()
    speak(hall.world.actor("ada"), issue_id=issue.pk, stance="for", text="Now they do.")


def test_a_house_that_was_handed_over_promises_no_code_that_is_never_sent(hall: Hall) -> None:
    standing.stand_still(standing.HANDED_OVER, {standing.EVERY: {}})
    browser, mails = hall.enter(), Mail.objects.count()
    seen = browser.get("/sign-in/")
    asked = browser.post("/sign-in/", {"email": "ada@example.org"})
    assert (seen.status_code, asked.status_code) == (200, 503)
    for html in (seen.content.decode(), asked.content.decode()):
        is_well_set(html)
        assert "This house stands still" in html
        assert "goes on elsewhere" in html
        assert "Send me a code" not in html
    assert Mail.objects.count() == mails
    standing.path().unlink()  # as it is where it goes on
    assert browser.post("/sign-in/", {"email": "ada@example.org"}).status_code == 302


def test_a_restore_stands_on_the_record_once_wherever_somebody_was_stopped(
    hall: Hall, tmp_path: Path, monkeypatch: Any
) -> None:
    organisation = hall.world.organisation
    head = Head.objects.get(pk=organisation.pk)
    standing.stand_still(
        standing.RESTORED, {organisation.pk: {"size": head.size, "root": to_base64(bytes(head.root))}},
        taken_at=write_time(hall.now.time.replace(microsecond=0)), release=release(),
    )  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(standing, "go_on", killed)
        with pytest.raises(Killed):
            restoring.go_on(organisation, restoring.Compared(0, 1, ()))
    went_on = restoring.go_on(organisation, restoring.compare(organisation, []))
    assert went_on == restoring.WentOn(head.size + 1, given_up=0)
    assert not standing.note()
    assert audited(hall, tmp_path / "copy").ok


def goes_on_from_a_backup(organisation: Any, at: Any) -> restoring.WentOn:
    head = Head.objects.get(pk=organisation.pk)
    standing.stand_still(
        standing.RESTORED, {organisation.pk: {"size": head.size, "root": to_base64(bytes(head.root))}},
        taken_at=write_time(at.replace(microsecond=0)), release=release(),
    )  # fmt: skip
    return restoring.go_on(organisation, restoring.compare(organisation, []))


@pytest.mark.parametrize("handed_over", [False, True])
def test_ballots_that_a_backup_may_lack_are_not_counted_and_the_vote_opens_anew(
    db: None, now: Any, tmp_path: Path, handed_over: bool
) -> None:
    world = elections.house()
    poll = elections.to_the_vote(now, elections.candidates(world, "ada", "ben", "cleo"))
    for name in ("dai", "eva", "finn"):
        elections.vote(world, poll, name, "ben", "ada", "cleo")
    if handed_over:  # with a backup that ends so: the house stood still
        operating.record(
            world.organisation,
            HostChanged(PrivateBoxKey.generate().public.id, release()),
            leaving="Ada",
            coming="Ben",
        )
    assert goes_on_from_a_backup(world.organisation, now.time).given_up == (0 if handed_over else 1)
    elections.vote(world, poll, "ada", "ben")  # who comes before the close is not turned away
    now.pass_to(poll.closes_at)
    poll.refresh_from_db()
    assert poll.state == ("counted" if handed_over else "lost")
    assert (world.people["ben"] in elections.holders()) == handed_over
    again = Poll.objects.exclude(pk=poll.pk).filter(state="open")
    assert [sorted(one.options) for one in again] == ([] if handed_over else [sorted(poll.options)])
    export_to(world.organisation, tmp_path / "copy")
    assert audit_export(tmp_path / "copy").ok


# --- Well or not -------------------------------------------------------------------------------------


@pytest.fixture
def fresh(monkeypatch: Any) -> None:
    """No answer from before is given again."""
    monkeypatch.setattr(page, "KEPT", -1.0)


def test_the_health_is_told_without_anything_of_a_person(hall: Hall, fresh: None) -> None:
    audit_own(hall.world.organisation, at=hall.now.time)
    notices.keep_up(at=hall.now.time)
    answer = Client().get("/healthz")
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["status"] == "well"
    assert set(said) == {"status", "reasons", "sequencer", "deadlines", "disk", "mail", "notices", "audit"}
    assert all(
        isinstance(figure, int)
        for part in said.values()
        if isinstance(part, dict)
        for figure in part.values()
    )
    assert "tidewater" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert Client().post("/healthz").status_code == 405


def sick_clock(hall: Hall, monkeypatch: Any) -> None:
    Deadline.objects.filter(done_at=None).update(due=hall.now.time - timedelta(hours=1))


def sick_disk(hall: Hall, monkeypatch: Any) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage(1, 1, 1))


def sick_mail(hall: Hall, monkeypatch: Any) -> None:
    Mail.objects.create(to="a@example.org", subject="x", body="y", queued_at=hall.now.time, failed="no route")


def sick_notices(hall: Hall, monkeypatch: Any) -> None:
    def broken(*given: Any) -> int:
        raise LookupError("ben@example.org")

    monkeypatch.setattr(notices, "_tell", broken)
    hall.now.time += timedelta(minutes=6)
    assert notices.keep_up(at=hall.now.time) == 0


def sick_digests(hall: Hall, monkeypatch: Any) -> None:
    notices.keep_up(at=hall.now.time)
    hall.now.time += timedelta(days=8)
    monkeypatch.setattr(notices.hours, "_digests", None)
    assert notices.keep_up(at=hall.now.time) == 0


def sick_files(hall: Hall, monkeypatch: Any) -> None:
    publishing.checkpoint_path(hall.world.organisation).unlink()


def sick_audit(hall: Hall, monkeypatch: Any) -> None:
    hall.now.time += timedelta(days=3)
    Deadline.objects.filter(done_at=None).update(due=hall.now.time + timedelta(hours=1))


def sick_house(hall: Hall, monkeypatch: Any) -> None:
    standing.stand_still(standing.RESTORED, {hall.world.id: {}})


@pytest.mark.parametrize(
    ("sick", "reason"),
    [
        (sick_clock, "deadlines are overdue"), (sick_disk, "the disk is nearly full"),
        (sick_mail, "mail cannot be sent"), (sick_notices, "notices are not written"),
        (sick_digests, "notices are not written"), (sick_files, "entries are not published"),
        (sick_audit, "the last own audit is old"), (sick_house, "signs nothing"),
    ],
)  # fmt: skip
def test_what_is_not_well_is_said_with_503(
    hall: Hall, fresh: None, monkeypatch: Any, sick: Any, reason: str
) -> None:
    audit_own(hall.world.organisation, at=hall.now.time)
    sick(hall, monkeypatch)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    said = cast(dict[str, Any], answer.json())
    assert any(reason in one for one in said["reasons"]), said
    assert "@" not in answer.content.decode()
    assert not health.look(at=hall.now.time).well


def old(hall: Hall) -> None:
    """The organisation is older than an audit may be; nothing of it is overdue."""
    hall.now.time += timedelta(days=30)
    Deadline.objects.filter(done_at=None).update(due=hall.now.time + timedelta(hours=1))
    notices.keep_up(at=hall.now.time)


def test_an_old_organisation_in_a_new_home_has_two_days_for_its_first_audit(
    hall: Hall, fresh: None, monkeypatch: Any
) -> None:
    old(hall)
    assert health.look(at=hall.now.time).reasons == ()
    begun = clock.machine_time()
    monkeypatch.setattr(clock, "machine_time", lambda: begun + timedelta(days=2, minutes=1))
    assert health.look(at=hall.now.time).reasons == ("the last own audit is old",)
    audit_own(hall.world.organisation, at=hall.now.time)
    assert health.look(at=hall.now.time).reasons == ()


def test_a_demonstration_whose_clock_was_moved_is_well(hall: Hall, monkeypatch: Any, settings: Any) -> None:
    audit_own(hall.world.organisation, at=hall.now.time)
    old(hall)
    assert health.look(at=hall.now.time).reasons == ("the last own audit is old",)
    settings.DEMO = True
    assert health.look(at=hall.now.time).reasons == ()


def test_however_often_one_asks_the_house_looks_no_more_often(hall: Hall, monkeypatch: Any) -> None:
    looked: list[int] = []
    real = health.look
    monkeypatch.setattr(page, "look", lambda **given: looked.append(1) or real(**given))
    monkeypatch.setattr(page, "_last", None)
    monkeypatch.setattr(page, "KEPT", 3_600.0)
    for _ in range(5):
        Client().get("/healthz")
    assert len(looked) == 1
