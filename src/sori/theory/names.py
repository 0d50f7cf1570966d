"""Notes, keys and chords in the languages of musicians.

English letters; German, where H is B and B is B flat; the Latin syllables with Italian (``"latin"``), French
or Spanish words; Korean, where C major is 다장조. Chord symbols are English in Korean practice
and are left so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sori.errors import ParameterError
from sori.theory.chords import NO_CHORD, ChordLike, ChordSymbol, as_chord
from sori.theory.keys import KeyLike, KeyName, parse_key
from sori.theory.lead_sheet import chord_name, chord_suffix, parse_chord_name, parse_chord_suffix
from sori.theory.spelling import degree_above, parse_note

__all__ = [
    "LANGUAGES",
    "chord_in",
    "key_in",
    "note_in",
    "parse_chord_in",
    "parse_key_in",
    "parse_note_in",
]

LANGUAGES = ("english", "german", "latin", "french", "spanish", "korean")

_LETTERS = "CDEFGAB"
_SYLLABLES = {
    "german": ("C", "D", "E", "F", "G", "A", "H"),
    "latin": ("Do", "Re", "Mi", "Fa", "Sol", "La", "Si"),
    "french": ("Do", "Ré", "Mi", "Fa", "Sol", "La", "Si"),
    "spanish": ("Do", "Re", "Mi", "Fa", "Sol", "La", "Si"),
    "korean": ("다", "라", "마", "바", "사", "가", "나"),
}
_KOREAN_ACCIDENTALS = {"": "", "#": "올림", "b": "내림", "##": "겹올림", "bb": "겹내림"}
_GERMAN_OTHERWISE = {"Ees": "Es", "Eeses": "Eses", "Aes": "As", "Aeses": "Ases", "Hes": "B"}
_GERMAN_READ = {"Asas": "Abb", "Bes": "Bbb", "Hes": "Bb", "Bb": "Bb", "H#": "B#"}
_WORDS_OF_ACCIDENTALS = {
    "#": ("♯", "diesis", "dièse", "diese", "sostenido"),
    "b": ("♭", "bemolle", "bémol", "bemol"),
}
_MODE_WORDS = {
    "german": (
        "Dur",
        "Moll",
        "Ionisch",
        "Dorisch",
        "Phrygisch",
        "Lydisch",
        "Mixolydisch",
        "Äolisch",
        "Lokrisch",
    ),
    "latin": ("maggiore", "minore", "ionico", "dorico", "frigio", "lidio", "misolidio", "eolio", "locrio"),
    "french": (
        "majeur",
        "mineur",
        "ionien",
        "dorien",
        "phrygien",
        "lydien",
        "mixolydien",
        "éolien",
        "locrien",
    ),
    "spanish": ("mayor", "menor", "jónico", "dórico", "frigio", "lidio", "mixolidio", "eólico", "locrio"),
    "korean": (
        "장조",
        "단조",
        "이오니아",
        "도리아",
        "프리기아",
        "리디아",
        "믹솔리디아",
        "에올리아",
        "로크리아",
    ),
}
_MODES = ("major", "minor", "ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian")


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise ParameterError(f"language={language!r}: want one of {', '.join(LANGUAGES)}")


def note_in(note: str, language: str) -> str:
    """Return the name of a note in a language.

    >>> [note_in("Bb", language) for language in LANGUAGES]
    ['Bb', 'B', 'Sib', 'Sib', 'Sib', '내림나']
    """
    _check(language)
    name = parse_note(note)
    if language == "english":
        return name
    letter, accidentals = _SYLLABLES[language][_LETTERS.index(name[0])], name[1:]
    if language == "german":
        german = letter + ("is" if "#" in accidentals else "es") * len(accidentals)
        return _GERMAN_OTHERWISE.get(german, german)
    if language == "korean":
        if accidentals not in _KOREAN_ACCIDENTALS:
            raise ParameterError(f"note {note!r}: Korean has words for up to two accidentals; respell it")
        return _KOREAN_ACCIDENTALS[accidentals] + letter
    return letter + accidentals


def parse_note_in(text: str, language: str) -> str:
    """Read a note in a language; the opposite of `note_in`, in any case and with accidentals as words too.

    >>> parse_note_in("B", "german"), parse_note_in("fa diesis", "latin"), parse_note_in("올림바", "korean")
    ('Bb', 'F#', 'F#')
    """
    _check(language)
    if language == "english":
        return parse_note(text)
    said = text.strip()
    for plain, words in _WORDS_OF_ACCIDENTALS.items():
        for word in words:
            said = re.sub(rf"\s*{word}", plain, said, flags=re.IGNORECASE)
    if language != "german":  # in German a b is a note
        said = said.replace(" ", "").replace("-", "")
    found = _READ[language].get(said.casefold())
    if found is None:
        known = ", ".join(note_in(letter, language) for letter in _LETTERS)
        raise ParameterError(
            f"note {text!r} is not known in {language}; the notes are {known} and their alterations"
        )
    return found


def _readable(language: str) -> Iterator[tuple[str, str]]:
    """Everything that a language calls a note, and what it is."""
    for letter in _LETTERS:
        for accidentals in ("", "#", "b", "##", "bb"):
            name = note_in(letter + accidentals, language)
            yield name.casefold(), letter + accidentals
            if language == "french":
                yield name.replace("é", "e").casefold(), letter + accidentals
                yield name.replace("Do", "Ut").casefold(), letter + accidentals
    if language == "german":  # also with signs, as song books have them
        yield from ((name.casefold(), note) for name, note in _GERMAN_READ.items())
        yield from ((letter.casefold() + sign, letter + sign) for letter in "CDEFGA" for sign in "#b")


_READ = {language: dict(_readable(language)) for language in LANGUAGES if language != "english"}


def key_in(key: KeyLike, language: str) -> str:
    """Return the name of a key in a language.

    >>> [key_in("C# minor", language) for language in LANGUAGES]
    ['C# minor', 'cis-Moll', 'Do# minore', 'Do# mineur', 'Do# menor', '올림다단조']
    """
    _check(language)
    name = parse_key(key)
    if language == "english":
        return str(name)
    tonic = note_in(name.tonic, language)
    word = _MODE_WORDS[language][_MODES.index(name.mode)]
    if language == "german":
        return f"{tonic.lower() if name.mode == 'minor' else tonic}-{word}"
    if language == "korean":
        return tonic + (word if name.mode in ("major", "minor") else f" {word} 선법")
    return f"{tonic} {word}"


def parse_key_in(text: str, language: str) -> KeyName:
    """Read a key in a language; the opposite of `key_in`.

    >>> str(parse_key_in("b-Moll", "german")), str(parse_key_in("내림마장조", "korean"))
    ('Bb minor', 'Eb major')
    """
    _check(language)
    if language == "english":
        return parse_key(text)
    said = text.strip().removesuffix("선법").strip()
    words = sorted(zip(_MODE_WORDS[language], _MODES, strict=True), key=lambda pair: -len(pair[0]))
    for word, mode in words:
        if said.casefold().endswith(word.casefold()):
            return KeyName(parse_note_in(said[: -len(word)].rstrip(" -"), language), mode)
    known = ", ".join(_MODE_WORDS[language][:2])
    raise ParameterError(f"key {text!r} is not known in {language}: want a note and a mode such as {known}")


def chord_in(chord: ChordLike, language: str) -> str:
    """Return a chord as a lead sheet in a language writes it; in Korean as in English.

    >>> [chord_in("B:min7/b7", language) for language in ("english", "german", "latin")]
    ['Bm7/A', 'Hm7/A', 'Sim7/La']
    """
    _check(language)
    symbol = as_chord(chord)
    if language in ("english", "korean") or symbol.root is None or symbol.bass_note is None:
        return chord_name(symbol)
    bass = "" if symbol.bass == "1" else "/" + note_in(symbol.bass_note, language)
    return note_in(symbol.root, language) + chord_suffix(symbol) + bass


def parse_chord_in(text: str, language: str) -> ChordSymbol:
    """Read a chord as a lead sheet in a language writes it; the opposite of `chord_in`.

    >>> parse_chord_in("Asus4", "german").label, parse_chord_in("As/C", "german").label
    ('A:sus4', 'Ab:maj/3')
    """
    _check(language)
    if language in ("english", "korean"):
        return parse_chord_name(text)
    said = text.strip()
    if said.upper() in ("N.C.", "NC", "N"):
        return NO_CHORD
    head, slash, tail = said.rpartition("/")
    if slash and _known(tail, language):
        chord = _without_bass(head, language)
        bass = degree_above(str(chord.root), parse_note_in(tail, language))
        return ChordSymbol(chord.root, chord.shorthand, chord.added, chord.omitted, bass)
    return _without_bass(said, language)


def _known(text: str, language: str) -> bool:
    return text.strip().casefold() in _READ[language]


def _without_bass(text: str, language: str) -> ChordSymbol:
    """Read root and suffix; the longest root whose rest is a suffix is taken (``Asus4`` is not A flat)."""
    for length in range(min(len(text), 7), 0, -1):
        root = text[:length]
        if root[:1].isupper() and _known(root, language):
            try:
                return ChordSymbol(parse_note_in(root, language), *parse_chord_suffix(text[length:]))
            except ParameterError:
                continue
    raise ParameterError(
        f"chord {text!r} is not known in {language}; write it like {chord_in('F#:min7', language)!r}"
    )
