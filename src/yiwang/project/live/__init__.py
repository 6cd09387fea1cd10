"""Live events for browsers: one stream of server-sent events each, fed by the database's NOTIFY."""
