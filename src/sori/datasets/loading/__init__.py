"""From clips to batches: the same ones for a seed and an epoch, wherever they are read.

::

    source        what batches are made of: a store, or loose files
    epochs        orders and crops from (seed, epoch, clip id)
    batches       batches of NumPy arrays; where one left off
    torch_loader, keras_loader, jax_loader
"""
