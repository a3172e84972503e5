"""What can be done on a page can be done by a program; what cannot, is named here with the reason."""

import importlib
from collections.abc import Iterator

from yishi.api.routers import mounted

APPS = ("people", "network", "matters", "commitments", "inbox", "publication")
FIELD = ("plan_patrol", "add_lane", "close_lane", "walk_lane", "end_alarm")
DIARY = ("write_visit", "change_visit", "lead_to_matter", "drop_lead")
ELSEWHERE = {
    "network.index_organisation": "part of network.add_organisation",
    "people.issue_token": "a token makes no tokens",
    "people.revoke_token": "a token ends no tokens",
    "people.use_token": "the API itself",
    "people.create_account": "signing up is allauth's",
    "people.claim_record": "signing up is allauth's",
    "people.make_claim": "given by network.invite_holder",
    "people.open_record": "the adapter of signing up",
    "people.export_own_data": "asks for the person themself, signed in",
    "people.erase_own_data": "asks for the person themself, signed in",
    "people.record_consent": "with what it is for",
    "people.add_person": "start_helping by name",
    "network.invite_holder": "a link that lets someone sign in is handed over on paper",
    "inbox.notify": "for other apps",
    "inbox.unfollow_by_id": "unfollow_matter",
    "matters.raise_with_contact": "raise_for_someone",
    "publication.raise_disclosure_duties": "the background worker's",
    "publication.note_missed_checks": "the background worker's",
    "publication.take_in": "the background worker's",
    "publication.enter": "a leaf of the act that it tells of",
    "publication.enter_entry": "a leaf of the act that it tells of",
    "publication.supersede_moved": "follows from an act on the subject",
    "publication.words_digest": "reckons, changes nothing",
    "publication.add_witness": "the keeper's, on the machine itself",
    "publication.accept_cosignatures": "POST /ledger/cosignatures, where C2SP tools look for it",
    "matters.note_decision": "written by decisions when they are made",
}
NAMED = {
    "network.end_edge": "end_tie", "network.transfer": "transfer_post", "matters.answer_size_appeal": "answer_appeal",
    "publication.prepare_for_subject": "disclose_decision", "inbox.follow": "follow_matter", "inbox.unfollow": "unfollow_matter", "inbox.mark_read": "mark_messages_read",
    "inbox.set_preference": "set_preferences", "people.withdraw_consent": "withdraw_consent",
    "people.change_profile": "change_profile",
}  # fmt: skip


def operations() -> set[str]:
    return {o["operationId"] for place in mounted().get_openapi_schema()["paths"].values() for o in place.values()}


def commands() -> Iterator[str]:
    for app in APPS:
        room = importlib.import_module(f"yishi.{app}.services")
        names = getattr(room, "__all__", None) or [
            n for n, f in vars(room).items() if getattr(f, "__module__", "") == room.__name__ and not n.startswith("_")
        ]
        yield from (f"{app}.{n}" for n in names if n[0].islower())
    yield from (f"matters.{n}" for n in (*FIELD, *DIARY))


def test_every_command_has_an_operation() -> None:
    known, missing = operations(), []
    for command in commands():
        if command in ELSEWHERE:
            continue
        if NAMED.get(command, command.partition(".")[2]) not in known:
            missing.append(command)
    assert missing == []


def test_every_operation_that_changes_something_asks_for_a_scope() -> None:
    schema = mounted().get_openapi_schema()
    loose = [
        o["operationId"]
        for place in schema["paths"].values()
        for method, o in place.items()
        if method != "get" and o["security"] != [{"token": [o["security"][0]["token"][0]]}]
    ]
    assert loose == []
