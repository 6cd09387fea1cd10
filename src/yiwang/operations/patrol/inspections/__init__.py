"""Special inspections: population, sample, teams, results, rectification, report."""
