"""Yiwang (一网): one platform on which a district runs its whole urban management."""
