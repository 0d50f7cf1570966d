import { pitchOf, type Heard } from './pitch';
import { wav } from './wav';

/** The address of the worklet that hands samples over; a file of its own, because the page allows no inline code. */
import tapUrl from './tap.worklet.js?url&no-inline';

/** Records from the microphone, unprocessed, and shows level and pitch while it does. */
export class Recorder {
  recording = $state(false);
  seconds = $state(0);
  level = $state(0);
  heard = $state.raw<Heard | null>(null);

  #stream: MediaStream | null = null;
  #context: AudioContext | null = null;
  #blocks: Float32Array[] = [];
  #recent = new Float32Array(2048);

  /** Ask for the microphone and begin; throws what the browser says where it is refused. */
  async start(): Promise<void> {
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
    const context = new AudioContext();
    this.#context = context;
    await context.audioWorklet.addModule(tapUrl);
    const tap = new AudioWorkletNode(context, 'tap', { numberOfOutputs: 0 });
    this.#blocks = [];
    this.seconds = 0;
    tap.port.onmessage = (event: MessageEvent<Float32Array>) => this.#take(event.data, context.sampleRate);
    context.createMediaStreamSource(this.#stream).connect(tap);
    await context.resume();
    this.recording = true;
  }

  /** End, let the microphone go, and return what was recorded. */
  async stop(): Promise<Blob> {
    const rate = this.#context?.sampleRate ?? 44100;
    await this.release();
    return wav(this.#blocks, rate);
  }

  async release(): Promise<void> {
    this.recording = false;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    if (this.#context && this.#context.state !== 'closed') await this.#context.close();
    this.#context = null;
    this.heard = null;
    this.level = 0;
  }

  #take(block: Float32Array, rate: number): void {
    this.#blocks.push(block);
    this.seconds += block.length / rate;
    this.#recent.copyWithin(0, block.length);
    this.#recent.set(block, this.#recent.length - block.length);
    this.level = block.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (this.#blocks.length % 3 === 0) this.heard = pitchOf(this.#recent, rate);
  }
}
