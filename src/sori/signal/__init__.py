"""From signal to signal, and how loud it is. Names are given here; each group is a file of that name.

::

    level              normalize_peak normalize_rms peak peak_level rms rms_level
    common_energy      CommonEnergy
    loudness           loudness
    gated_loudness     LoudnessCurve integrated_lufs k_weighted momentary_lufs short_term_lufs
    loudness_target    normalize_loudness
    true_peak          true_peak true_peak_dbtp
    weighting          a_weight a_weighting_db c_weight c_weighting_db weighted_level_db
    equal_loudness     equal_loudness_contour_db equal_loudness_weight equal_loudness_weighting_db
                       loudness_levels phon_of_tone
    dynamics           compressor gate limiter
    companding         g711_alaw_decode g711_alaw_encode g711_mulaw_decode g711_mulaw_encode
                       mu_law_compress mu_law_decode mu_law_encode mu_law_expand
    quantization       from_integer requantize to_integer
    filtering          filter_block filter_both_ways filter_sections smooth
    biquad             all_pass all_pass_biquad band_pass_biquad high_pass_biquad high_shelf
                       high_shelf_biquad low_pass_biquad low_shelf low_shelf_biquad notch notch_biquad
                       peaking peaking_biquad
    butterworth        band_pass band_stop butterworth_sections high_pass low_pass
    fir                fir_filter fir_taps response_taps
    emphasis           deemphasis preemphasis
    resampling         resample
    edges              fade fade_in fade_out fix_length trim_silence
    excerpts           centre_excerpt excerpt loudest_excerpt
    mixing             downmix_surround left_right mid_side mix_at_snr pan to_mono to_stereo
    synthesis          adsr chirp clicks harmonic_tone sawtooth sine square
    noise              brown_noise pink_noise white_noise
    instruments        clap cymbal membrane plucked_string snare
"""

from __future__ import annotations

from sori.signal.biquad import (
    all_pass,
    all_pass_biquad,
    band_pass_biquad,
    high_pass_biquad,
    high_shelf,
    high_shelf_biquad,
    low_pass_biquad,
    low_shelf,
    low_shelf_biquad,
    notch,
    notch_biquad,
    peaking,
    peaking_biquad,
)
from sori.signal.butterworth import band_pass, band_stop, butterworth_sections, high_pass, low_pass
from sori.signal.common_energy import CommonEnergy
from sori.signal.companding import (
    g711_alaw_decode,
    g711_alaw_encode,
    g711_mulaw_decode,
    g711_mulaw_encode,
    mu_law_compress,
    mu_law_decode,
    mu_law_encode,
    mu_law_expand,
)
from sori.signal.dynamics import compressor, gate, limiter
from sori.signal.edges import fade, fade_in, fade_out, fix_length, trim_silence
from sori.signal.emphasis import deemphasis, preemphasis
from sori.signal.equal_loudness import (
    equal_loudness_contour_db,
    equal_loudness_weight,
    equal_loudness_weighting_db,
    loudness_levels,
    phon_of_tone,
)
from sori.signal.excerpts import centre_excerpt, excerpt, loudest_excerpt
from sori.signal.filtering import filter_block, filter_both_ways, filter_sections, smooth
from sori.signal.fir import fir_filter, fir_taps, response_taps
from sori.signal.gated_loudness import (
    LoudnessCurve,
    integrated_lufs,
    k_weighted,
    momentary_lufs,
    short_term_lufs,
)
from sori.signal.instruments import clap, cymbal, membrane, plucked_string, snare
from sori.signal.level import normalize_peak, normalize_rms, peak, peak_level, rms, rms_level
from sori.signal.loudness import loudness
from sori.signal.loudness_target import normalize_loudness
from sori.signal.mixing import downmix_surround, left_right, mid_side, mix_at_snr, pan, to_mono, to_stereo
from sori.signal.noise import brown_noise, pink_noise, white_noise
from sori.signal.quantization import from_integer, requantize, to_integer
from sori.signal.resampling import resample
from sori.signal.synthesis import adsr, chirp, clicks, harmonic_tone, sawtooth, sine, square
from sori.signal.true_peak import true_peak, true_peak_dbtp
from sori.signal.weighting import a_weight, a_weighting_db, c_weight, c_weighting_db, weighted_level_db

__all__ = [
    "CommonEnergy",
    "LoudnessCurve",
    "a_weight",
    "a_weighting_db",
    "adsr",
    "all_pass",
    "all_pass_biquad",
    "band_pass",
    "band_pass_biquad",
    "band_stop",
    "brown_noise",
    "butterworth_sections",
    "c_weight",
    "c_weighting_db",
    "centre_excerpt",
    "chirp",
    "clap",
    "clicks",
    "compressor",
    "cymbal",
    "deemphasis",
    "downmix_surround",
    "equal_loudness_contour_db",
    "equal_loudness_weight",
    "equal_loudness_weighting_db",
    "excerpt",
    "fade",
    "fade_in",
    "fade_out",
    "filter_block",
    "filter_both_ways",
    "filter_sections",
    "fir_filter",
    "fir_taps",
    "fix_length",
    "from_integer",
    "g711_alaw_decode",
    "g711_alaw_encode",
    "g711_mulaw_decode",
    "g711_mulaw_encode",
    "gate",
    "harmonic_tone",
    "high_pass",
    "high_pass_biquad",
    "high_shelf",
    "high_shelf_biquad",
    "integrated_lufs",
    "k_weighted",
    "left_right",
    "limiter",
    "loudest_excerpt",
    "loudness",
    "loudness_levels",
    "low_pass",
    "low_pass_biquad",
    "low_shelf",
    "low_shelf_biquad",
    "membrane",
    "mid_side",
    "mix_at_snr",
    "momentary_lufs",
    "mu_law_compress",
    "mu_law_decode",
    "mu_law_encode",
    "mu_law_expand",
    "normalize_loudness",
    "normalize_peak",
    "normalize_rms",
    "notch",
    "notch_biquad",
    "pan",
    "peak",
    "peak_level",
    "peaking",
    "peaking_biquad",
    "phon_of_tone",
    "pink_noise",
    "plucked_string",
    "preemphasis",
    "requantize",
    "resample",
    "response_taps",
    "rms",
    "rms_level",
    "sawtooth",
    "short_term_lufs",
    "sine",
    "smooth",
    "snare",
    "square",
    "to_integer",
    "to_mono",
    "to_stereo",
    "trim_silence",
    "true_peak",
    "true_peak_dbtp",
    "weighted_level_db",
    "white_noise",
]
