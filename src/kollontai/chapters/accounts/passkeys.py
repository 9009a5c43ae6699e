# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in by a key in one's own device (WebAuthn). The key never leaves it; we keep its public half."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import webauthn
from django.db import IntegrityError, transaction
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kollontai.chapters.accounts.models import Account, Passkey

MOST = 20


class NotThisKey(Exception):
    """The device's answer does not fit: another key, another page, or too late."""


@dataclass(frozen=True)
class Door:
    """The address at which keys are asked for: its host, and its origin with scheme and port."""

    host: str
    origin: str


@dataclass(frozen=True)
class Challenge:
    """What the device is asked (JSON for the page), and the random bytes the session keeps to compare."""

    options: str
    kept: str


def ask_to_register(account: Account, door: Door) -> Challenge:
    """Ask a device to make a key for this account."""
    options = webauthn.generate_registration_options(
        rp_id=door.host,
        rp_name="Kollontai",
        user_id=account.id.encode(),
        user_name=account.email or account.id,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=bytes(passkey.credential)) for passkey in account.passkeys.all()
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return Challenge(options_to_json(options), bytes_to_base64url(options.challenge))


def register(account: Account, answer: str, *, kept: str, door: Door, label: str, at: datetime) -> Passkey:
    """Keep the public half of a key that a device has just made."""
    if account.passkeys.count() >= MOST:
        raise NotThisKey("This account has enough keys.")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(kept),
            expected_rp_id=door.host,
            expected_origin=door.origin,
            require_user_verification=True,
        )
        with transaction.atomic():
            return Passkey.objects.create(
                account=account,
                credential=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                label=label[:60],
                created_at=at,
            )
    except (WebAuthnException, ValueError, KeyError, TypeError, IntegrityError) as error:
        raise NotThisKey("The device's answer does not fit.") from error


def ask_to_come_in(door: Door) -> Challenge:
    """Ask whatever device is there for a key it holds for us; nobody says a name first."""
    options = webauthn.generate_authentication_options(
        rp_id=door.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Challenge(options_to_json(options), bytes_to_base64url(options.challenge))


def come_in(answer: str, *, kept: str, door: Door, at: datetime) -> Account:
    """Find whose key answered. A key whose counter runs backwards was copied and is refused."""
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        passkey = Passkey.objects.select_related("account").get(credential=credential.raw_id)
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(kept),
            expected_rp_id=door.host,
            expected_origin=door.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, Passkey.DoesNotExist) as error:
        raise NotThisKey("The device's answer does not fit.") from error
    Passkey.objects.filter(pk=passkey.pk).update(sign_count=shown.new_sign_count, used_at=at)
    return passkey.account


def remove(account: Account, passkey_id: int) -> None:
    """Forget one of one's own keys."""
    Passkey.objects.filter(account=account, pk=passkey_id).delete()
