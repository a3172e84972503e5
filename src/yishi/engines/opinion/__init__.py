"""Opinion map: votes on statements → places, groups, what sets them apart and what unites them."""
