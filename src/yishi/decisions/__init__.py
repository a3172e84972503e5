"""Statutory decisions: motions, steps, meetings, rolls, ballots, results."""
