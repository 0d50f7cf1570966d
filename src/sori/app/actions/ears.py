"""What listens to a library: our own ears, and the trained models that somebody chose for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sori.errors import ModelError, ParameterError
from sori.library.catalog import SqlCatalog
from sori.library.ear import Ear, our_ear, our_facets

if TYPE_CHECKING:
    from sori.models.tagging import Tagger

__all__ = ["choose_models", "library_ear", "library_facets"]


def choose_models(catalog: SqlCatalog, paths: Sequence[str]) -> None:
    """Let these model files listen to a library from now on; none for our own ears alone.

    Raises
    ------
    ParameterError
        Two are of one name.
    FileNotFoundError, ModelError
        A file is not there, or no model.
    """
    taggers = [_tagger(path) for path in paths]
    if len({each.name for each in taggers}) < len(taggers):
        raise ParameterError("two models have the same file name; rename one, since tags are kept by it")
    catalog.choose_models({each.name: (each.path, each.version) for each in taggers})


def library_ear(catalog: SqlCatalog, ear: Ear | None = None, *, renew: bool = False) -> Ear:
    """Return what listens to a library: an ear (by default our own) and the models chosen for it.

    A model that was trained again under its old name is taken as it is now with ``renew``, and refused
    else: what it says cannot be compared with what it said.

    Raises
    ------
    ParameterError
        A model is not where it was.
    ModelError
        It cannot be used.
    """
    ear = ear or our_ear()
    chosen = catalog.models()
    if not chosen:
        return ear
    from sori.models.tagging import with_taggers

    taggers = []
    for name, (path, version) in chosen.items():
        if not os.path.isfile(path):
            raise ParameterError(
                f"the model {name!r} of this library is not at {path} any more; bring it back, choose"
                " again with `sori index --model FILE`, or go without with --no-models"
            )
        found = _tagger(path)
        if found.version != version and not renew:
            raise ModelError(
                f"the model {path} has changed since it listened; run `sori index` on the library again"
            )
        if found.version != version:
            catalog.choose_models({**catalog.models(), name: (path, found.version)})
        taggers.append(found)
    return with_taggers(ear, taggers)


def library_facets(catalog: SqlCatalog) -> dict[str, int]:
    """Return the facets that the tracks of a library are compared by, each with its version."""
    chosen = {f"learned:{name}": version for name, (_, version) in catalog.models().items()}
    return {**our_facets(), **chosen}


def _tagger(path: str) -> Tagger:
    from sori.models.tagging import tagger

    return tagger(path)
