"""What can go wrong, by what the caller can do about it.

::

    SoriError
    ├── ParameterError   (also ValueError)       a wrong argument: change the call
    ├── DecodeError                              this file cannot be read: look at the file
    ├── MissingExtra     (also ImportError)      an optional library is absent: install it
    ├── DataError        (also ValueError)       data or a library file is not as it must be
    └── ModelError                               weights or a model cannot be used

A message has three parts: what came, what is wanted, what to do.
"""

from __future__ import annotations

__all__ = ["DataError", "DecodeError", "MissingExtra", "ModelError", "ParameterError", "SoriError"]


class SoriError(Exception):
    """Anything that Sori raises on purpose."""


class ParameterError(SoriError, ValueError):
    """An argument is wrong; the message says what came, what is wanted and the fix."""


class DecodeError(SoriError):
    """A file cannot be turned into samples; the message carries every decoder's own reason."""


class MissingExtra(SoriError, ImportError):
    """An optional library is not installed; the message gives the line that installs it."""


class DataError(SoriError, ValueError):
    """Data on disk (a catalog, a playlist, an annotation) is not what it must be."""


class ModelError(SoriError):
    """Weights or a model are missing, damaged or of another version."""
