"""How it is played: dynamics, articulation, vibrato, swing and timing, tone.

All need the waveform or the pitch of it, and so are run when asked for; `expression` does it all.

    expression     expression
    dynamics       dynamics note_levels
    articulation   articulation articulation_word overlaps sounding_ends
    vibrato        TRACKER_WINDOW_S note_vibrato overall_vibrato
    attacks        attacks
    grid           Grid even_grid
    swing          swing
    timing         Places lateness timing
    tone           SCALES Scale measures tone
    roughness      pair_roughness roughness
"""
