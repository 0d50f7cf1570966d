"""Speed, memory and accuracy, measured side by side with other programs in one run.

``python -m bench`` writes the tables of speed and memory; ``python -m bench.accuracy`` those of accuracy.
"""
