"""Addresses that other tools and printed codes know: tlog-tiles under /ledger/, proofs under /proof/."""

from django.urls import path

from yishi.publication.views import ledger

urlpatterns = [
    path("ledger/checkpoint", ledger.checkpoint, name="ledger_checkpoint"),
    path("ledger/key", ledger.key, name="ledger_key"),
    path("ledger/cosignatures", ledger.cosignatures, name="ledger_cosignatures"),
    path("ledger/tile/<path:path>", ledger.tile, name="ledger_tile"),
    path("proof/", ledger.find_proof, name="find_proof"),
    path("proof/<str:code>.json", ledger.proof_json, name="proof_json"),
    path("proof/<str:code>", ledger.proof, name="proof"),
]
