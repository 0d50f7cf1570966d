"""What a known data set says of itself: one card each, and the pattern that its file follows.

Each module of `sori.datasets.known` has three things: ``CARD``; ``recognised(root)``, which says whether a
folder is laid out as that data set, looking at a few names only; and ``clips(root)``, which gives its clips
with its official split, group by group as its authors say.
"""

from __future__ import annotations

import dataclasses

__all__ = ["Card", "Download"]


@dataclasses.dataclass(frozen=True)
class Download:
    """A file that may be fetched by anybody from a plain address.

    Parameters
    ----------
    url
        Where it is.
    file
        Its name here, below the data set's folder.
    checksum
        ``"md5:..."`` or ``"sha256:..."`` as published; None where nobody published one.
    size_bytes
        As published, to say before what it will cost; None where not known.
    unpack
        Whether it is an archive, unpacked once it is whole.
    into
        The folder it is unpacked in, below the data set's folder.
    strip
        Whether the folder that everything in the archive is in is left out.
    """

    url: str
    file: str
    checksum: str | None = None
    size_bytes: int | None = None
    unpack: bool = True
    into: str = "."
    strip: bool = False


@dataclasses.dataclass(frozen=True)
class Card:
    """A data set in a few lines.

    Parameters
    ----------
    name
        What `sori datasets` calls it.
    title, about
        Its full name; what is in it and what it is for.
    licence
        As its authors say.
    citation
        Whom to cite.
    homepage
        Where people get it and read about it.
    split
        Where the official split, or fold, comes from, and what the group is.
    layout
        The folders and files that are expected, as they lie in it.
    downloads
        What `sori datasets prepare` may fetch; empty where the licence wants people to ask for it.
    steps
        What a person does to get it, where it cannot be fetched.
    warnings
        What is known to be wrong with it.
    """

    name: str
    title: str
    about: str
    licence: str
    citation: str
    homepage: str
    split: str
    layout: tuple[str, ...]
    downloads: tuple[Download, ...] = ()
    steps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
