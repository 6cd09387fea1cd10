"""Working time: which days and hours count, and what a time limit means on them."""
