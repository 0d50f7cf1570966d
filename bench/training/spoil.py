"""What happens to music before it reaches an ear: rooms, noise, equalisers, distortion, codecs."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np
from scipy.fft import next_fast_len
from scipy.signal import butter, oaconvolve, sosfilt

from sori.signal.noise import brown_noise, pink_noise, white_noise

Rng = np.random.Generator
Samples = np.ndarray  # (channels, time) float32


def spoil(samples: Samples, sample_rate: int, rng: Rng) -> tuple[Samples, dict[str, Any]]:
    """Return samples after a chain of drawn harms, time-aligned with what came in, and what was done."""
    done: dict[str, Any] = {}
    x = np.asarray(samples, np.float32) * np.float32(
        10 ** (-3 / 20) / max(float(np.abs(samples).max()), 1e-6)
    )
    if rng.random() < 0.1:  # some stay as they are
        return _levelled(x, rng, done), done
    if rng.random() < 0.3:
        x = _distorted(x, rng, done)
    if rng.random() < 0.3:
        x = _compressed(x, sample_rate, rng, done)
    if rng.random() < 0.65:
        x = _in_a_room(x, sample_rate, rng, done)
    if rng.random() < 0.7:
        x = _equalised(x, sample_rate, rng, done)
    if rng.random() < 0.25:
        x = x.mean(axis=0, keepdims=True)
        done["mono"] = True
    if rng.random() < 0.7:
        x = _noisy(x, sample_rate, rng, done)
    if rng.random() < 0.25:
        x = _narrowed(x, sample_rate, rng, done)
    if rng.random() < 0.3:
        x = _coded(x, sample_rate, rng, done)
    return _levelled(x, rng, done), done


def _levelled(x: Samples, rng: Rng, done: dict[str, Any]) -> Samples:
    peak = max(float(np.abs(x).max()), 1e-6)
    db = float(rng.uniform(-25, -0.5)) if rng.random() < 0.9 else float(rng.uniform(1, 8))
    done["level_db"] = round(db, 1)
    return np.clip(x * np.float32(10 ** (db / 20) / peak), -1, 1)


def _distorted(x: Samples, rng: Rng, done: dict[str, Any]) -> Samples:
    drive = float(rng.uniform(1.2, 8))
    done["drive"] = round(drive, 1)
    wet = np.tanh(drive * (x + np.float32(rng.uniform(0, 0.1)))) / np.tanh(drive)
    share = np.float32(rng.uniform(0.3, 1))
    return np.asarray((1 - share) * x + share * (wet - wet.mean(axis=1, keepdims=True)), np.float32)


def _compressed(x: Samples, sample_rate: int, rng: Rng, done: dict[str, Any]) -> Samples:
    """Bring loud moments down, as radio does: gain from the smoothed level, with look-ahead."""
    hop = round(0.01 * sample_rate)
    n = -(-x.shape[1] // hop)
    padded = np.zeros(n * hop, np.float32)
    padded[: x.shape[1]] = np.abs(x).max(axis=0)
    level = padded.reshape(n, hop).max(axis=1)
    release = float(rng.uniform(0.05, 0.5))
    keep, held = np.exp(-0.01 / release), np.empty(n)
    now = 0.0
    for k in range(n):
        now = max(float(level[min(k + 1, n - 1)]), float(level[k]), now * keep)
        held[k] = now
    threshold, ratio = float(rng.uniform(0.05, 0.4)), float(rng.uniform(2, 12))
    gain = np.where(held > threshold, (np.maximum(held, 1e-6) / threshold) ** (1 / ratio - 1), 1.0)
    at = (np.arange(x.shape[1]) - hop / 2) / hop
    done["ratio"] = round(ratio, 1)
    return np.asarray(x * np.interp(at, np.arange(n), gain), np.float32)


def _in_a_room(x: Samples, sample_rate: int, rng: Rng, done: dict[str, Any]) -> Samples:
    seconds, wet = float(np.exp(rng.uniform(np.log(0.12), np.log(2.5)))), float(rng.uniform(0.05, 0.7))
    n = round(seconds * sample_rate)
    decay = np.exp(-np.log(1000) * np.arange(n) / n)
    late = round(rng.uniform(0, 0.03) * sample_rate)
    damped = butter(1, float(rng.uniform(1500, 9000)), fs=sample_rate, output="sos")
    out = np.empty_like(x)
    for channel in range(len(x)):
        tail = sosfilt(damped, rng.standard_normal(n)) * decay
        response = np.zeros(late + n)
        response[late:] = wet * tail / np.sqrt(np.sum(tail**2))
        response[0] += 1.0
        for _ in range(int(rng.integers(0, 6))):  # walls
            response[min(int(rng.uniform(0.001, 0.06) * sample_rate), len(response) - 1)] += (
                rng.uniform(-0.4, 0.4) * wet
            )
        out[channel] = oaconvolve(x[channel], response)[: x.shape[1]]
    done["room_s"], done["wet"] = round(seconds, 2), round(wet, 2)
    return out


def _equalised(x: Samples, sample_rate: int, rng: Rng, done: dict[str, Any]) -> Samples:
    """A tilt and a few peaks and dips, as a linear-phase filter whose delay is taken out."""
    n = 1024
    hz = np.fft.rfftfreq(n, 1 / sample_rate)
    octave = np.log2(np.maximum(hz, 20) / 700)
    db = float(rng.normal(0, 1.6)) * octave
    for _ in range(int(rng.integers(0, 5))):
        db = db + rng.normal(0, 6) * np.exp(
            -0.5 * ((octave - rng.uniform(-4, 4)) / rng.uniform(0.15, 1.2)) ** 2
        )
    response = np.roll(np.fft.irfft(10 ** (np.clip(db, -30, 18) / 20), n), n // 2) * np.hanning(n)
    done["equalised"] = True
    return np.stack([oaconvolve(c, response, mode="same") for c in x]).astype(np.float32)


def _noisy(x: Samples, sample_rate: int, rng: Rng, done: dict[str, Any]) -> Samples:
    kind = (pink_noise, white_noise, brown_noise)[int(rng.choice(3, p=[0.5, 0.35, 0.15]))]
    snr = float(rng.uniform(3, 20)) if rng.random() < 0.3 else float(rng.uniform(20, 60))
    n = next_fast_len(x.shape[1], real=True)
    noise = kind((n + 0.1) / sample_rate, sample_rate=sample_rate, rng=rng)[: x.shape[1]]
    if rng.random() < 0.2:  # mains
        t = np.arange(x.shape[1]) / sample_rate
        mains = float(rng.choice([50, 60]))
        noise = noise + sum(0.1 / k * np.sin(2 * np.pi * k * mains * t) for k in (1, 2, 3, 5))
    if rng.random() < 0.1:  # a scratched record
        clicks = rng.random(x.shape[1]) < rng.uniform(1, 12) / sample_rate
        noise = noise + clicks * rng.normal(0, 15, x.shape[1])
    power = float(np.mean(np.square(x)))
    gain = np.sqrt(power / 10 ** (snr / 10) / max(float(np.mean(np.square(noise))), 1e-12))
    done["noise"], done["snr_db"] = kind.__name__, round(snr, 1)
    return np.asarray(x + np.float32(gain) * noise.astype(np.float32), np.float32)


def _narrowed(x: Samples, sample_rate: int, rng: Rng, done: dict[str, Any]) -> Samples:
    if rng.random() < 0.35:  # small loudspeakers, telephones
        low, high = float(rng.uniform(120, 400)), float(rng.uniform(2800, 6000))
        done["band_hz"] = [round(low), round(high)]
        return np.asarray(
            sosfilt(butter(2, (low, high), "bandpass", fs=sample_rate, output="sos"), x), np.float32
        )
    high = float(rng.uniform(2500, 0.45 * sample_rate))
    done["band_hz"] = [0, round(high)]
    return np.asarray(sosfilt(butter(4, high, fs=sample_rate, output="sos"), x), np.float32)


CODECS = {
    "libmp3lame": ("mp3", (32, 40, 48, 64, 96), 1),
    "aac": ("adts", (24, 32, 48, 64), 1),
    "libopus": ("ogg", (12, 16, 24, 32, 48), 0),
}


def _coded(x: Samples, sample_rate: int, rng: Rng, done: dict[str, Any]) -> Samples:
    name = str(rng.choice(list(CODECS)))
    form, rates, native = CODECS[name]
    kbit = int(rng.choice(rates))
    done["codec"] = [name, kbit]
    return round_trip(
        x, sample_rate, codec=name, form=form, bit_rate=1000 * kbit, rate=sample_rate if native else 48_000
    )


def round_trip(x: Samples, sample_rate: int, *, codec: str, form: str, bit_rate: int, rate: int) -> Samples:
    """Encode and decode; what the codec delays is found by correlation and taken out."""
    layout = "stereo" if len(x) == 2 else "mono"
    held = io.BytesIO()
    with av.open(held, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = bit_rate
        if codec == "libmp3lame":
            stream.codec_context.options = {"compression_level": "8"}  # quick
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout=layout,
            rate=rate,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(x, np.float32), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = sample_rate, 0
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    held.seek(0)
    back = av.AudioResampler(format="fltp", layout=layout, rate=sample_rate)
    with av.open(held) as container:
        parts = [f.to_ndarray() for frame in container.decode(audio=0) for f in back.resample(frame)]
        parts += [f.to_ndarray() for f in back.resample(None)]
    y = np.concatenate(parts, axis=1)
    shift = _delay(x.mean(axis=0), y.mean(axis=0))
    y = y[:, shift:] if shift >= 0 else np.pad(y, ((0, 0), (-shift, 0)))
    return np.asarray(np.pad(y, ((0, 0), (0, max(0, x.shape[1] - y.shape[1]))))[:, : x.shape[1]], np.float32)


def _delay(x: np.ndarray, y: np.ndarray, most: int = 6000) -> int:
    """Return by how many samples y is late, from the most energetic ten seconds."""
    n = min(len(x), len(y), 1 << 18)
    loud = np.convolve(np.square(x), np.ones(n), mode="valid") if n < len(x) < n + 5 else None
    start = 0 if loud is None else int(np.argmax(loud))
    a, b = x[start : start + n], y[start : start + n]
    size = 1 << (2 * n - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    lags = np.concatenate([product[-most:], product[: most + 1]])
    return int(np.argmax(lags)) - most
