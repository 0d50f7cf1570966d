"""Events as files that other programs read.

::

    Results     events of one recording, from the plain data of an analysis and back
    write       to a file, in the form that its name's ending stands for
    read        what write has written, and what others write in the same forms
    FORMS       json, csv, jams, beats, lab, audacity, midi, chordpro: endings, and what each holds
"""

from __future__ import annotations

from sori.formats.forms import FORMS, Form, form_of, read, render, write
from sori.formats.results import Results

__all__ = ["FORMS", "Form", "Results", "form_of", "read", "render", "write"]
