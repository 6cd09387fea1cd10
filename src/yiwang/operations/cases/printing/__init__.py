"""The whole file of a case on paper (案卷): gathered, worded, drawn, and set as PDF."""
