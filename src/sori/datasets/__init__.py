"""Data sets: manifests, one file per known data set, the packed store, loaders.

::

    manifest    Clip, Manifest: what there is, apart from the samples; open_manifest, manifest_of
    checking    check: what is wrong with a data set, before anything is learnt from it
    known/      the data sets that are recognised by their layout, with their official splits
"""

from __future__ import annotations

from sori.datasets.checking import Finding, check
from sori.datasets.manifest import Clip, Manifest
from sori.datasets.opening import known_dataset, known_names, manifest_of, open_manifest

__all__ = [
    "Clip",
    "Finding",
    "Manifest",
    "check",
    "known_dataset",
    "known_names",
    "manifest_of",
    "open_manifest",
]
