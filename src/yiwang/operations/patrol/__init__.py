"""People go to a place, look and fill a form: patrols by plan, special inspections, and calls to come together."""
