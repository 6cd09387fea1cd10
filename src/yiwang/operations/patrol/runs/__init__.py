"""Tasks of patrols under way: check-ins, forms, findings, hand-over, coverage."""
