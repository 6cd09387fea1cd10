"""What the tests stand on: a database of their own and the real data beside the repository."""
