"""Models trained on sounds of one's own, and at work without what they were trained with.

::

    data, splits, choosing, learning           from a manifest to a model; options has all that can be set
    front_end, network, cnn, crnn, compact     networks that start with samples
    levels, disturbance, training, checkpoint  what they hear while they learn, and the loop
    summary_features, summary_fit, decision    features in numbers, and a classifier of them as plain arrays
    classifier                                 SoundClassifier: all of it, the way of scikit-learn
    model, model_file, exporting, card         a model at work, in a file, as ONNX
    evaluation, scores, page                   how good it is
    tagging                                    a model as an ear of a library
"""

from __future__ import annotations

__all__: list[str] = []
