"""Data sets: manifests, one file per known data set, the packed store, loaders.

::

    manifest    Clip, Manifest: what there is, apart from the samples; open_manifest, manifest_of
    known/      the data sets that are recognised by their layout, with their official splits
"""

from __future__ import annotations

from sori.datasets.manifest import Clip, Manifest
from sori.datasets.opening import known_dataset, known_names, manifest_of, open_manifest

__all__ = ["Clip", "Manifest", "known_dataset", "known_names", "manifest_of", "open_manifest"]
