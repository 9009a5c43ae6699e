# SPDX-License-Identifier: AGPL-3.0-or-later
"""Report on a sample of the signatures under a petition."""

from __future__ import annotations

from kollontai.chapters.members.queries import here
from kollontai.chapters.petitions import facts, rules
from kollontai.chapters.petitions.finding import on_petition, the_petition
from kollontai.chapters.petitions.models import Sample
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.petitions import SampleReported


@act(locks=lambda given: on_petition(given["petition_id"]))
def report_sample(this: Act, *, petition_id: str, signed: int, denied: int, silent: int) -> Sample:
    """As the scrutineer who drew a sample, say once what those answered who were drawn. Article 14.

    `signed` said that they had signed, `denied` that they had not, `silent` did not answer. From then on
    nobody is shown who they are.
    """
    petition = the_petition(this, petition_id)
    member = here(this.organisation_id, this.actor)
    asked = facts.sampling(petition, member, at=this.at)
    require(rules.may_report(asked))
    require(rules.usable_report(asked, signed=signed, denied=denied, silent=silent))
    sample = facts.sample_of(petition, member)
    assert sample is not None

    this.record(SampleReported(petition=petition.pk, signed=signed, denied=denied, silent=silent))
    sample.signed, sample.denied, sample.silent = signed, denied, silent
    sample.reported_at = this.at
    sample.save(update_fields=["signed", "denied", "silent", "reported_at"])
    return sample
