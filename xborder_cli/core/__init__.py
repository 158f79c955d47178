"""Pure columns in and out: rules, charges, routes, sums."""
