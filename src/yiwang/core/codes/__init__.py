"""Declared code tables: shipped in editions that never change, edited locally by dated versions that win."""
