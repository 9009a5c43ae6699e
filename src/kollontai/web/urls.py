# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the pages. Each form has its own, so that it works without scripts and can be linked to."""

from django.urls import URLPattern, URLResolver, include, path

from kollontai.web.views import (
    account,
    demo,
    drafts,
    elections,
    founding,
    home,
    issues,
    lots,
    members,
    mine,
    posts,
    record,
    sign_in,
    talk,
    votes,
)

_signing_in = [
    path("", sign_in.ask, name="sign-in"),
    path("code/", sign_in.enter_code, name="sign-in-code"),
    path("passkey/", sign_in.passkey, name="sign-in-passkey"),
    path("passkey/options/", sign_in.passkey_options, name="sign-in-passkey-options"),
    path("out/", sign_in.sign_out, name="sign-out"),
]

_account = [
    path("", account.account, name="account"),
    path("appearance/", account.appearance, name="account-appearance"),
    path("passkeys/", account.add_passkey, name="account-passkey"),
    path("passkeys/options/", account.passkey_options, name="account-passkey-options"),
    path("passkeys/<int:passkey_id>/remove/", account.remove_passkey, name="account-passkey-remove"),
    path("tokens/", account.add_token, name="account-token"),
    path("tokens/<int:token_id>/remove/", account.remove_token, name="account-token-remove"),
    path("sign-out-everywhere/", account.sign_out_everywhere, name="sign-out-everywhere"),
]

_demonstration = [
    path("", demo.demo, name="demo"),
    path("clock/", demo.move_clock, name="demo-clock"),
    path("enter/", demo.enter_as, name="demo-enter"),
    path("again/", demo.start_again, name="demo-again"),
    path("outbox/", demo.outbox, name="demo-outbox"),
]

_issue: list[URLPattern | URLResolver] = [
    path("", issues.issue, name="issue"),
    path("support/", issues.support, name="support"),
    path("step-back/", issues.step_back, name="support-withdraw"),
    path("statement/", issues.seal, name="seal"),
    path("letter/", issues.letter, name="letter"),
    path("speak/", talk.speak, name="speak"),
    path("voices/<str:voice_id>/", talk.voice, name="voice"),
    path("voices/<str:voice_id>/answer/", talk.answer, name="voice-answer"),
    path("voices/<str:voice_id>/fact/", talk.fact, name="voice-fact"),
    path("voices/<str:voice_id>/correct/", talk.correct, name="voice-correct"),
    path("voices/<str:voice_id>/revise/", talk.revise, name="voice-revise"),
    path("voices/<str:voice_id>/erase/", talk.erase, name="voice-erase"),
    path("voices/<str:voice_id>/versions/", talk.voice_versions, name="voice-versions"),
    path("drafts/new/", drafts.put, name="draft-new"),
    path("drafts/<str:letter>/", drafts.draft, name="draft"),
    path("drafts/<str:letter>/support/", drafts.support, name="draft-support"),
    path("drafts/<str:letter>/revise/", drafts.revise, name="draft-revise"),
    path("drafts/<str:letter>/withdraw/", drafts.withdraw, name="draft-withdraw"),
]

_poll: list[URLPattern | URLResolver] = [
    path("", votes.poll, name="poll"),
    path("look/", votes.look, name="ballot-look"),
    path("cast/", votes.cast, name="ballot-cast"),
    path("receipt/", votes.ballot_receipt, name="ballot-receipt"),
    path("print/", votes.ballot_to_print, name="ballot-print"),
    path("turnout/", votes.turnout, name="turnout"),
    path("codes/", votes.codes, name="codes"),
    path("files/<str:name>", votes.file, name="poll-file"),
    path("lot/", lots.lot, name="lot"),
    path("lot/add/", lots.add, name="lot-add"),
    path("lot/show/", lots.show_sentence, name="lot-show"),
]

_election: list[URLPattern | URLResolver] = [
    path("", elections.election, name="election"),
    path("notice/", elections.notice, name="election-notice"),
    path("put-forward/", elections.put_forward, name="put-forward"),
    path("stand/", elections.stand, name="stand"),
    path("no/", elections.decline, name="nomination-decline"),
    path("revise/", elections.revise, name="candidacy-revise"),
    path("withdraw/", elections.withdraw, name="candidacy-withdraw"),
    path("candidates/<str:member_id>/", elections.candidate, name="candidate"),
    path("pictures/<str:commitment>.jpg", elections.picture, name="candidate-picture"),
]

_house: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("needs/", home.only_needs, name="needs"),
    path("sign/", founding.sign, name="sign"),
    path("join/", members.join, name="join"),
    path("join/yes/", members.accept, name="accept"),
    path("join/no/", members.decline, name="decline"),
    path("issues/", issues.issues, name="issues"),
    path("issues/new/", issues.raise_new, name="issue-new"),
    path("issues/<int:number>/", include(_issue)),
    path("votes/", votes.votes, name="votes"),
    path("votes/<str:poll_id>/", include(_poll)),
    path("elections/", elections.elections, name="elections"),
    path("elections/<str:election_id>/", include(_election)),
    path("posts/", posts.posts, name="posts"),
    path("posts/powers/", posts.powers, name="powers"),
    path("posts/<str:post_id>/", posts.post, name="post"),
    path("terms/<str:term_id>/give-back/", elections.resign, name="resign"),
    path("terms/<str:term_id>/act/", elections.act_for_now, name="acting-yes"),
    path("terms/<str:term_id>/not-act/", elections.not_act, name="acting-no"),
    path("charter/", posts.charter, name="charter"),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite_one, name="invite"),
    path("members/invite-list/", members.preview_list, name="invite-list"),
    path("members/invite-list/send/", members.invite_list, name="invite-list-send"),
    path("members/<str:member_id>/", members.member, name="member"),
    path("members/<str:member_id>/vouch/", members.vouch_for, name="vouch"),
    path("members/<str:member_id>/mute/", mine.mute, name="mute"),
    path("mine/", mine.mine, name="mine"),
    path("mine/data/", mine.my_data, name="my-data"),
    path("mine/address/", mine.address, name="mine-address"),
    path("mine/address/code/", mine.address_code, name="mine-address-code"),
    path("mine/address/stop/", mine.stop_address, name="mine-address-stop"),
    path("mine/leave/", mine.leave_house, name="leave"),
    path("record/", record.overview, name="record"),
    path("record/entries/<int:position>/", record.entry, name="entry"),
    path("record/entries/<int:position>/receipt/", record.entry_receipt, name="entry-receipt"),
    path("record/receipts/<str:ticket>/", record.receipt, name="receipt"),
    path("export/", record.export, name="export"),
    path("export/file/", record.export_file, name="export-file"),
    path("who-sees-what/", record.who_sees_what, name="who-sees-what"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", founding.door, name="door"),
    path("sign-in/", include(_signing_in)),
    path("account/", include(_account)),
    path("found/", founding.begin, name="found"),
    path("found/<slug:step>/", founding.step, name="found-step"),
    path("demo/", include(_demonstration)),
    path("<slug:slug>/", include(_house)),
]
