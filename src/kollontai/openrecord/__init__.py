# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record: what was done with rights, kept so that nobody can change it unseen.

Plain Python; it knows neither Django nor the chapters. Read in this order:

    canonical   one value, one spelling        facts       what an entry may say
    shapes      what a field may be            door        what may not come in
    commitment  tied to text kept elsewhere    entries     facts with time and actor, as bytes
    tree        hashes, roots, proofs          tiles       the tree as small files
    keys, note  signed texts                   checkpoint  the signed size and root
    witness     a copy held by others          receipt     a proof to carry home
    directory, verify                          everything again, from the files alone
"""
