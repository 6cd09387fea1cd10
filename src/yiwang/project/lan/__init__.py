"""Phones in the office's own network: they need https, and so a certificate authority of the installation's own."""
