"""Says what a sound is, with an exported model alone: python hear_with_onnx.py MODEL.onnx FILE."""

import json
import sys

import onnxruntime
import soundfile

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
about = session.get_modelmeta().custom_metadata_map
samples, rate = soundfile.read(sys.argv[2], dtype="float32", always_2d=True)
if rate != int(about["sample_rate"]):
    sys.exit(f"this model hears {about['sample_rate']} Hz, the file has {rate}: resample it first")
scores = session.run(["scores"], {"samples": samples.mean(axis=1)})[0]
for score, label in sorted(zip(scores.tolist(), json.loads(about["labels"]), strict=True), reverse=True):
    print(f"{score:6.1%}  {label}")
