"""What can go wrong for the person who runs the command: said in one line, with an exit code, never as a traceback."""


class Trouble(Exception):
    """Something that the person who runs the command can mend. The text says what, and how."""

    exit_code = 1


class Stopped(Trouble):
    """A part stopped by itself, and with it the whole."""

    exit_code = 3
