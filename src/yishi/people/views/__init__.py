"""Pages of people: my account, verification, the roll, helper mode, tokens."""
