"""How rooms speak HTTP: guarded routes, problem details, keyset pages, writes that happen once."""
