# SPDX-License-Identifier: AGPL-3.0-or-later
"""The examples for hosts name what there is: settings, commands, options, addresses, directives."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click import Option
from django.urls import resolve

from kollontai.cli import COMMANDS, cli
from tests.lints.tree import PACKAGE, ROOT

DEPLOY = ROOT / "deploy"
PAGES = [ROOT / "docs" / name for name in ("operating.md", "hosting.md", "leaving-this-job.md")]
FILES = sorted(DEPLOY.iterdir())
UNITS = [path for path in FILES if path.suffix in (".service", ".timer")]
SETTING = re.compile(r"(?<!\$)\bKOLLONTAI_[A-Z_]*[A-Z]\b")
CALL = re.compile(r"kollontai ((?:[a-z]+-)*[a-z]+)(?: (?!&&)([^\n`;)#|&]*))?")


def known_settings() -> set[str]:
    """Every variable that the code reads."""
    code = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    return set(re.findall(r'"(KOLLONTAI_[A-Z_]+)"', code))


def test_there_are_examples_for_systemd_containers_and_proxies() -> None:
    assert {path.name for path in FILES} >= {"kollontai.service", "Containerfile", "Caddyfile", "nginx.conf"}
    page = (ROOT / "docs/hosting.md").read_text()
    assert [path.name for path in FILES if f"`deploy/{path.name}`" not in page] == []


@pytest.mark.parametrize("path", FILES + PAGES, ids=lambda path: path.name)
def test_every_setting_that_an_example_names_is_read_by_the_code(path: Path) -> None:
    assert {name for name in SETTING.findall(path.read_text()) if name not in known_settings()} == set()


@pytest.mark.parametrize("path", FILES + PAGES, ids=lambda path: path.name)
def test_every_command_and_option_that_an_example_types_is_there(path: Path) -> None:
    lines = [
        line for line in path.read_text().splitlines() if path.suffix != ".md" or re.search(r"`|^    ", line)
    ]
    typed = [(name, words) for line in lines for name, words in CALL.findall(line)]
    for name, words in typed:
        if name not in COMMANDS and path.suffix != ".md":
            continue  # the name of a user, a unit, a container
        if name not in COMMANDS:
            assert f"`kollontai {name}" not in path.read_text(), name
            continue
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        options = {flag for one in command.params if isinstance(one, Option) for flag in one.opts}
        sub = getattr(command, "commands", {})
        options |= {flag for one in sub.values() for par in one.params for flag in par.opts}
        asked = set(re.findall(r"(?<!\S)--[a-z][a-z-]+", words or ""))
        assert asked - options == set(), f"kollontai {name}"
    if path.suffix != ".timer" and path.name not in {"Caddyfile", "nginx.conf"}:
        assert typed


@pytest.mark.parametrize("path", [DEPLOY / "Caddyfile", DEPLOY / "nginx.conf"], ids=lambda path: path.name)
def test_the_proxies_speak_of_addresses_that_are_there(path: Path) -> None:
    text = path.read_text()
    assert "/healthz" in text
    for address in ("/healthz", "/record/x/checkpoint", "/record/x/log.vkey", "/record/x/log.vkeys",
                    "/record/x/tile/0/000", "/record/x/tile/entries/000"):  # fmt: skip
        assert resolve(address)
    for pattern in re.findall(r"location ~ (\S+)", text):
        assert re.search(pattern, "/record/x/tile/entries/000")
    kept = re.search(r"location ~ (\S+) \{[^}]*proxy_cache ", text)
    if kept:  # what members alone may read is matched by an earlier rule, which keeps nothing
        first = re.search(r"location ~ (\S+) \{[^}]*\}", text)
        assert first
        assert "entries" in first[1]
        assert "proxy_cache " not in first[0]
    assert "6m" in text.lower()
    assert re.search(
        r"request_buffers 6MB|proxy_request_buffering on;", text
    )  # nobody stops a house half-way


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong_with_the_units(path: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not here")
    for unit in UNITS:
        text = re.sub(r"/opt/kollontai/\.venv/bin/kollontai", sys.executable, unit.read_text())
        (tmp_path / unit.name).write_text(re.sub(r"(?m)^(User|Group)=.*$", r"\1=root", text))
    ran = subprocess.run(
        [analyze, "verify", "--man=no", "--generators=no", "--recursive-errors=no", str(tmp_path / path.name)],
        capture_output=True, text=True,
    )  # fmt: skip
    if "Failed to initialize manager" in ran.stderr:
        pytest.skip("systemd cannot look at units here")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_service_is_as_narrow_as_the_page_says() -> None:
    unit = (DEPLOY / "kollontai.service").read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "PrivateDevices=yes",
                 "SystemCallFilter=@system-service", "UMask=0077", "User=kollontai"):  # fmt: skip
        assert line in unit
    container = (DEPLOY / "Containerfile").read_text()
    assert "--require-hashes" in container
    assert container.rindex("USER kollontai") < container.rindex("CMD")


def test_everything_listed_as_never_kept_is_never_to_be_kept() -> None:
    serving = (PACKAGE / "chapters/record/serving.py").read_text()
    assert 'FOR_MEMBERS = "private, ' in serving
    assert 'max-age=3"' in serving
