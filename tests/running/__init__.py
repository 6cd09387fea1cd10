"""The running platform on screen, over HTTP."""
