"""Photos, documents and videos: kept once by their content, checked by their bytes, shown by links that expire."""
