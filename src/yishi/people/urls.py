"""Addresses of people's pages."""

from django.urls import path

from yishi.people.views import helping, me, roll, verify

app_name = "people"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/consents/<int:consent_id>/withdraw/", me.withdraw, name="withdraw"),
    path("me/tokens/", me.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoke/", me.revoke, name="revoke_token"),
    path("me/data/", me.data, name="data"),
    path("me/data/copy/", me.copy_data, name="copy_data"),
    path("me/data/erase/", me.erase_data, name="erase_data"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("verify/", verify.ask, name="ask"),
    path("claim/", verify.claim, name="claim"),
    path("join/", verify.join, name="join"),
    path("roll/", roll.queue, name="queue"),
    path("roll/requests/<int:request_id>/", roll.request_page, name="request"),
    path("roll/requests/<int:request_id>/accept/", roll.accept, name="accept"),
    path("roll/requests/<int:request_id>/refuse/", roll.refuse, name="refuse"),
    path("roll/households/", roll.households, name="households"),
    path("roll/households/<int:household_id>/", roll.household, name="household"),
    path("roll/households/<int:household_id>/invite/", roll.invite, name="invite"),
    path("roll/households/<int:household_id>/revoke/", roll.revoke_invitation, name="revoke_invitation"),
    path("helping/", helping.start, name="helping"),
    path("helping/end/", helping.end, name="end_helping"),
]
