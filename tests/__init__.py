"""A package, so that `tests.…` is ours: a distribution we depend on installs one of that name, too."""
