"""Postings of the demo town, in every state, made by the commands that the pages call."""
