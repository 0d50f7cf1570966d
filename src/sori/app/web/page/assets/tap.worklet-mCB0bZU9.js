/** Hands over the samples of the first channel in blocks of 1024. */
class Tap extends AudioWorkletProcessor {
  block = new Float32Array(1024);
  filled = 0;

  process([input]) {
    const samples = input?.[0];
    if (!samples) return true;
    this.block.set(samples, this.filled);
    this.filled += samples.length;
    if (this.filled >= this.block.length) {
      this.port.postMessage(this.block.slice());
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('tap', Tap);
