"""How a vote is reckoned: which roll a rule asks for, who is on it, and what the rows amount to."""
