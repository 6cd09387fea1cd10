"""What is learned from the loop: evaluation, and later trends, hot spots, quality of data."""
