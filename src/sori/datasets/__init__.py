"""Data sets: manifests, one file per known data set, the packed store, loaders.

::

    manifest    Clip, Manifest: what there is, apart from the samples; open_manifest, manifest_of
    checking    check: what is wrong with a data set, before anything is learnt from it
    known/      the data sets that are recognised by their layout, with their official splits
    store/      prepare, open_store, verify: every clip decoded once, any stretch of it at hand
    loading/    Batches for NumPy; torch_loader, keras_loader and jax_loader, which load their library
"""

from __future__ import annotations

from sori.datasets.checking import Finding, check
from sori.datasets.loading.batches import Batch, Batches
from sori.datasets.loading.source import LooseFiles, open_source
from sori.datasets.manifest import Clip, Manifest
from sori.datasets.opening import known_dataset, known_names, manifest_of, open_manifest
from sori.datasets.store.packing import prepare
from sori.datasets.store.reading import Store, open_store
from sori.datasets.store.verifying import verify

__all__ = [
    "Batch",
    "Batches",
    "Clip",
    "Finding",
    "LooseFiles",
    "Manifest",
    "Store",
    "check",
    "known_dataset",
    "known_names",
    "manifest_of",
    "open_manifest",
    "open_source",
    "open_store",
    "prepare",
    "verify",
]
