"""Many acts at a time, written row for row as the services write them.

For imports and the demo town alone. A test makes the same matter by the services
and by this builder and compares every row.
"""
