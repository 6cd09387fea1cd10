"""The closed loop: cases and what is done about them."""
