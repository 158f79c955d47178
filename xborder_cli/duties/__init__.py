"""What decides a duty: rows that competed, programmes that add or exclude, and their history."""
