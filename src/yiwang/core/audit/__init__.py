"""Who did what, when and from where: append-only, sealed as a hash chain, personal values kept apart."""
