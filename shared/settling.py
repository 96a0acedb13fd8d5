"""What a process does once it has started, before it waits for work."""

import contextlib
import ctypes
import gc


def settle() -> None:
    """Gives back the memory that only the start needed, and takes what stays out of every later look for garbage:
    looking through it again and again is what a desk feels as a pause."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # the C library of Linux has it, others do so by themselves
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
