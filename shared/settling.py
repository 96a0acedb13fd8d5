"""What a process does once it has started, before it waits for work."""

import contextlib
import ctypes
import gc

LOOKS = (10_000, 20, 50)
"""After how many more objects than were given back garbage is looked for among the young, after how many such looks
among the middle-aged, and after how many of those among all. By Python's own figures (700, 10, 10) all was looked
through once a second while a desk read its lists, 80 ms each time, and while code was loaded, an eighth of a start.
Hardly anything is garbage for these looks to find: what a request made is given back when it is answered."""


def look_seldom() -> None:
    """From the first moment of a process: what is made while code is loaded stays."""
    gc.set_threshold(*LOOKS)


def settle() -> None:
    """Gives back the memory that only the start needed, and takes what stays out of every later look for garbage:
    looking through it again and again is what a desk feels as a pause."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # the C library of Linux has it, others do so by themselves
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
