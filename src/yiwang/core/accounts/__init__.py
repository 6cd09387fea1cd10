"""People, units, posts, roles, and the assignments that carry authority."""
