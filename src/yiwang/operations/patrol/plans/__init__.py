"""Plans of patrols, and the tasks that are drawn up from them."""
