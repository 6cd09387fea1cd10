"""Cases (案件): whatever is wrong in the city, walked through one declared lifecycle to its closing."""
