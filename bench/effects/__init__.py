"""The effects beside audiomentations and torch-audiomentations."""
