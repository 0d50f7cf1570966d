"""Transforms as layers of a network: `sori.layers.modules` for PyTorch, `sori.layers.keras_layers` for Keras.

Each is the function of the same name with its options kept and its constants as the layer's own, so a model
takes raw samples. `docs/names.md` says what other libraries call them.
"""
