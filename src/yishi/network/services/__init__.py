"""The commands of the network: one verb, one function, one transaction, one audit entry."""

from yishi.network.findable import index as index_organisation
from yishi.network.services.imports import import_network
from yishi.network.services.organisations import add_organisation, close_organisation, end_edge, tie_organisations
from yishi.network.services.terms import add_post, appoint, end_term, invite_holder, transfer

__all__ = [
    "add_organisation",
    "add_post",
    "appoint",
    "close_organisation",
    "end_edge",
    "end_term",
    "import_network",
    "index_organisation",
    "invite_holder",
    "tie_organisations",
    "transfer",
]
