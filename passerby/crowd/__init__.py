"""The face of a crowd: whom it may load, its processes, and what it shows."""
