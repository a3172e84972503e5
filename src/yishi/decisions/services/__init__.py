"""Commands on decisions: the only writers. One verb, one transaction, one audit entry."""
