"""Tiny folders in the true layout of each known data set, and what must be read from them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from sori.datasets import Clip

FMA_HEADER = """\
,album,artist,set,set,track,track,track
,id,id,split,subset,genre_top,license,title
track_id,,,,,,,
"""
SWC = '<article><meta><prop key="title" value="X"/><prop key="reader.name" value="Ann"/></meta><d/></article>'


@dataclasses.dataclass(frozen=True)
class Layout:
    """Files by path, with their text (None for audio, which is not looked into), and all clips."""

    files: Mapping[str, str | None]
    clips: tuple[Clip, ...]


def lay(root: Path, files: Mapping[str, str | None]) -> None:
    """Write such files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or "", encoding="utf-8")


def note(instrument: str, family: str) -> dict[str, object]:
    return {
        "instrument_str": instrument,
        "instrument_family_str": family,
        "instrument_source_str": "acoustic",
        "pitch": 60,
        "velocity": 100,
        "qualities_str": ["bright", "percussive"],
    }


NOTE = {"pitch_midi": "60", "velocity": "100", "source": "acoustic", "qualities": "bright percussive"}

LAYOUTS = {
    "fsdd": Layout(
        {"recordings/7_ann_4.wav": None, "recordings/7_ann_5.wav": None, "README.md": "about"},
        (
            Clip("7_ann_4", "recordings/7_ann_4.wav", labels=("7",), group="ann", split="test"),
            Clip("7_ann_5", "recordings/7_ann_5.wav", labels=("7",), group="ann", split="train"),
        ),
    ),
    "esc10": Layout(
        {"001 - Dog bark/2-1234-B.ogg": None, "README.md": "about"},
        (Clip("2-1234-B", "001 - Dog bark/2-1234-B.ogg", labels=("Dog bark",), group="1234", fold=2),),
    ),
    "esc50": Layout(
        {
            "meta/esc50.csv": "filename,fold,target,category,esc10,src_file,take\n"
            "1-100032-A-0.wav,1,0,dog,True,100032,A\n1-100038-A-14.wav,1,14,chirping_birds,False,100038,A\n",
            "audio/1-100032-A-0.wav": None,
            "audio/1-100038-A-14.wav": None,
        },
        (
            Clip(
                "1-100032-A-0",
                "audio/1-100032-A-0.wav",
                labels=("dog",),
                group="100032",
                fold=1,
                extra={"esc10": "true"},
            ),
            Clip(
                "1-100038-A-14",
                "audio/1-100038-A-14.wav",
                labels=("chirping_birds",),
                group="100038",
                fold=1,
                extra={"esc10": "false"},
            ),
        ),
    ),
    "urbansound8k": Layout(
        {
            "metadata/UrbanSound8K.csv": "slice_file_name,fsID,start,end,salience,fold,classID,class\n"
            "100032-3-0-0.wav,100032,0.0,0.317551,1,5,3,dog_bark\n",
            "audio/fold5/100032-3-0-0.wav": None,
        },
        (
            Clip(
                "100032-3-0-0",
                "audio/fold5/100032-3-0-0.wav",
                labels=("dog_bark",),
                group="100032",
                fold=5,
                extra={"salience": "foreground"},
            ),
        ),
    ),
    "gtzan": Layout(
        {
            "genres/blues/blues.00000.au": None,
            "genres/blues/blues.00012.au": None,
            "genres/blues/blues.00029.au": None,
            "genres/disco/disco.00050.au": None,
        },
        (
            Clip("blues.00000", "genres/blues/blues.00000.au", labels=("blues",), split="validation"),
            Clip("blues.00012", "genres/blues/blues.00012.au", labels=("blues",), split="test"),
            Clip("blues.00029", "genres/blues/blues.00029.au", labels=("blues",), split="train"),
            Clip("disco.00050", "genres/disco/disco.00050.au", labels=("disco",)),
        ),
    ),
    "fma": Layout(
        {
            "fma_metadata/tracks.csv": FMA_HEADER
            + "2,1,9,training,small,Hip-Hop,CC BY,Food\n3,1,9,test,medium,,CC BY,Electric Ave\n"
            + "1003,5,8,validation,large,Rock,,\n",
            "fma_medium/000/000002.mp3": None,
            "fma_medium/000/000003.mp3": None,
            "fma_small/000/000002.mp3": None,
        },
        (
            Clip(
                "000002",
                "fma_medium/000/000002.mp3",
                labels=("Hip-Hop",),
                group="9",
                split="train",
                licence="CC BY",
                extra={"title": "Food"},
            ),
            Clip(
                "000003",
                "fma_medium/000/000003.mp3",
                group="9",
                split="test",
                licence="CC BY",
                extra={"title": "Electric Ave"},
            ),
        ),
    ),
    "millionsong": Layout(
        {
            "data/A/B/C/TRABCDE128F4272F71.h5": None,
            "AdditionalFiles/subset_unique_tracks.txt": "TRABCDE128F4272F71<SEP>SOA<SEP>Tesla<SEP>Song\n",
        },
        (
            Clip(
                "TRABCDE128F4272F71",
                "data/A/B/C/TRABCDE128F4272F71.h5",
                group="Tesla",
                extra={"artist": "Tesla", "title": "Song"},
            ),
        ),
    ),
    "nsynth": Layout(
        {
            "nsynth-train/examples.json": json.dumps({"bass_1-060-100": note("bass_1", "bass")}),
            "nsynth-train/audio/bass_1-060-100.wav": None,
            "nsynth-valid/examples.json": json.dumps({"reed_2-060-100": note("reed_2", "reed")}),
            "nsynth-valid/audio/reed_2-060-100.wav": None,
        },
        (
            Clip(
                "bass_1-060-100",
                "nsynth-train/audio/bass_1-060-100.wav",
                labels=("bass",),
                group="bass_1",
                split="train",
                extra=NOTE,
            ),
            Clip(
                "reed_2-060-100",
                "nsynth-valid/audio/reed_2-060-100.wav",
                labels=("reed",),
                group="reed_2",
                split="validation",
                extra=NOTE,
            ),
        ),
    ),
    "audioset": Layout(
        {
            "balanced_train_segments.csv": "# Segments csv created Sun Mar  5 10:54:31 2017\n"
            "# num_ytids=22160\n# YTID, start_seconds, end_seconds, positive_labels\n"
            '--PJHxphWEs, 30.000, 40.000, "/m/09x0r,/t/dd00088"\n--ZhevVpy1s, 50.000, 60.000, "/m/012xff"\n',
            "eval_segments.csv": '# one\n# two\n# three\n-0xzrMun0Rs, 30.000, 40.000, "/m/012xff"\n',
            "class_labels_indices.csv": 'index,mid,display_name\n0,/m/09x0r,"Speech"\n'
            '1,/t/dd00088,"Gush, spurt"\n2,/m/012xff,"Toothbrush"\n',
            "audio/train/Y--PJHxphWEs_30.000_40.000.wav": None,
            "audio/eval/-0xzrMun0Rs.flac": None,
        },
        (
            Clip(
                "--PJHxphWEs",
                "audio/train/Y--PJHxphWEs_30.000_40.000.wav",
                labels=("Speech", "Gush, spurt"),
                group="--PJHxphWEs",
                split="train",
                extra={"list": "balanced_train", "video_start_s": "30.000"},
            ),
            Clip(
                "-0xzrMun0Rs",
                "audio/eval/-0xzrMun0Rs.flac",
                labels=("Toothbrush",),
                group="-0xzrMun0Rs",
                split="test",
                extra={"list": "eval", "video_start_s": "30.000"},
            ),
        ),
    ),
    "fsd50k": Layout(
        {
            "FSD50K.ground_truth/dev.csv": "fname,labels,mids,split\n"
            '64760,"Electric_guitar,Music","/m/02sgy,/m/04rlf",train\n16399,Bark,/m/05tny_,val\n',
            "FSD50K.ground_truth/eval.csv": 'fname,labels,mids\n37199,"Bark,Dog","/m/05tny_,/m/0bt9lr"\n',
            "FSD50K.metadata/dev_clips_info_FSD50K.json": json.dumps(
                {"64760": {"title": "t", "tags": [], "license": "http://cc/by/3.0/", "uploader": "ann"}}
            ),
            "FSD50K.dev_audio/64760.wav": None,
            "FSD50K.dev_audio/16399.wav": None,
            "FSD50K.eval_audio/37199.wav": None,
        },
        (
            Clip(
                "64760",
                "FSD50K.dev_audio/64760.wav",
                labels=("Electric_guitar", "Music"),
                group="ann",
                split="train",
                licence="http://cc/by/3.0/",
            ),
            Clip("16399", "FSD50K.dev_audio/16399.wav", labels=("Bark",), split="validation"),
            Clip("37199", "FSD50K.eval_audio/37199.wav", labels=("Bark", "Dog"), split="test"),
        ),
    ),
    "dcase_scenes": Layout(
        {
            "meta.csv": "filename\tscene_label\tidentifier\tsource_label\n"
            "audio/airport-lisbon-1000-40000-0-a.wav\tairport\tlisbon-1000\ta\n"
            "audio/bus-lyon-1001-40001-1-a.wav\tbus\tlyon-1001\ta\n"
            "audio/tram-paris-1002-40002-2-s1.wav\ttram\tparis-1002\ts1\n",
            "evaluation_setup/fold1_train.csv": "filename\tscene_label\n"
            "audio/airport-lisbon-1000-40000-0-a.wav\tairport\n",
            "evaluation_setup/fold1_evaluate.csv": "filename\tscene_label\n"
            "audio/bus-lyon-1001-40001-1-a.wav\tbus\n",
            "audio/airport-lisbon-1000-40000-0-a.wav": None,
            "audio/bus-lyon-1001-40001-1-a.wav": None,
            "audio/tram-paris-1002-40002-2-s1.wav": None,
        },
        tuple(
            Clip(
                name, f"audio/{name}.wav", labels=(scene,), group=place, split=split, extra={"device": device}
            )
            for name, scene, place, split, device in (
                ("airport-lisbon-1000-40000-0-a", "airport", "lisbon-1000", "train", "a"),
                ("bus-lyon-1001-40001-1-a", "bus", "lyon-1001", "test", "a"),
                ("tram-paris-1002-40002-2-s1", "tram", "paris-1002", None, "s1"),
            )
        ),
    ),
    "dcase_events": Layout(
        {
            "metadata/train/weak.tsv": "filename\tevent_labels\nYa.wav\tSpeech,Dishes\n",
            "metadata/train/synthetic21_train/soundscapes.tsv": "filename\tonset\toffset\tevent_label\n"
            "5.wav\t0.5\t1.25\tDog\n5.wav\t2.0\t3.0\tSpeech\n",
            "metadata/validation/validation.tsv": "filename\tonset\toffset\tevent_label\n"
            "Yb.wav\t1.0\t2.0\tDog\n",
            "metadata/validation/validation_durations.tsv": "filename\tduration\nYb.wav\t10.0\n",
            "audio/train/weak/Ya.wav": None,
            "audio/train/synthetic21_train/soundscapes/5.wav": None,
            "audio/validation/validation/Yb.wav": None,
        },
        (
            Clip(
                "train/synthetic21_train/soundscapes/5",
                "audio/train/synthetic21_train/soundscapes/5.wav",
                labels=("Dog", "Speech"),
                split="train",
                extra={"events": "0.5 1.25 Dog; 2.0 3.0 Speech"},
            ),
            Clip("train/weak/Ya", "audio/train/weak/Ya.wav", labels=("Speech", "Dishes"), split="train"),
            Clip(
                "validation/validation/Yb",
                "audio/validation/validation/Yb.wav",
                labels=("Dog",),
                split="validation",
                extra={"events": "1.0 2.0 Dog"},
            ),
        ),
    ),
    "dcase_machines": Layout(
        {
            "fan/train/normal_id_02_00000001.wav": None,
            "fan/test/anomaly_id_02_00000000.wav": None,
            "gearbox/train/section_00_source_train_normal_0000_volt_1.0.wav": None,
        },
        (
            Clip(
                "fan/train/normal_id_02_00000001",
                "fan/train/normal_id_02_00000001.wav",
                labels=("normal",),
                group="fan id_02",
                split="train",
                extra={"machine": "fan"},
            ),
            Clip(
                "fan/test/anomaly_id_02_00000000",
                "fan/test/anomaly_id_02_00000000.wav",
                labels=("anomaly",),
                group="fan id_02",
                split="test",
                extra={"machine": "fan"},
            ),
            Clip(
                "gearbox/train/section_00_source_train_normal_0000_volt_1.0",
                "gearbox/train/section_00_source_train_normal_0000_volt_1.0.wav",
                labels=("normal",),
                group="gearbox section_00",
                split="train",
                extra={"machine": "gearbox", "domain": "source"},
            ),
        ),
    ),
    "librispeech": Layout(
        {
            "dev-clean/84/121123/84-121123-0000.flac": None,
            "dev-clean/84/121123/84-121123.trans.txt": "84-121123-0000 GO DO YOU HEAR\n",
            "train-clean-100/19/198/19-198-0000.flac": None,
            "train-clean-100/19/198/19-198.trans.txt": "19-198-0000 NORTHANGER ABBEY\n",
        },
        (
            Clip(
                "84-121123-0000",
                "dev-clean/84/121123/84-121123-0000.flac",
                group="84",
                split="validation",
                extra={"text": "GO DO YOU HEAR", "part": "dev-clean"},
            ),
            Clip(
                "19-198-0000",
                "train-clean-100/19/198/19-198-0000.flac",
                group="19",
                split="train",
                extra={"text": "NORTHANGER ABBEY", "part": "train-clean-100"},
            ),
        ),
    ),
    "voxceleb": Layout(
        {
            "vox1_dev_wav/wav/id10001/1zcIwhmdeo4/00001.wav": None,
            "vox1_dev_wav/wav/id10001/7gWzIy6yIIk/00001.wav": None,
            "iden_split.txt": "3 id10001/7gWzIy6yIIk/00001.wav\n",
        },
        (
            Clip(
                "id10001/1zcIwhmdeo4/00001",
                "vox1_dev_wav/wav/id10001/1zcIwhmdeo4/00001.wav",
                labels=("id10001",),
                group="id10001/1zcIwhmdeo4",
                split="train",
            ),
            Clip(
                "id10001/7gWzIy6yIIk/00001",
                "vox1_dev_wav/wav/id10001/7gWzIy6yIIk/00001.wav",
                labels=("id10001",),
                group="id10001/7gWzIy6yIIk",
                split="test",
            ),
        ),
    ),
    "spoken_wikipedia": Layout(
        {
            "english/Ashoka/aligned.swc": SWC,
            "english/Ashoka/audio1.ogg": None,
            "english/Ashoka/audio2.ogg": None,
            "english/Ashoka/wiki.txt": "text",
        },
        tuple(
            Clip(
                f"english/Ashoka/audio{n}",
                f"english/Ashoka/audio{n}.ogg",
                labels=("english",),
                group="Ann",
                extra={"alignment": "english/Ashoka/aligned.swc"},
            )
            for n in (1, 2)
        ),
    ),
    "kemdy": Layout(
        {
            "annotation/Sess01_eval.csv": "Numb,Wav,,Segment ID,Total Evaluation,,,Eval01_F\n"
            ",Start,End,, Emotion, Valence, Arousal, Emotion\n"
            "1,0,2,Sess01_script01_User002M_001,neutral,3.4,3,neutral\n"
            "2,2,4,Sess01_script01_User001F_001,neutral;disqust,2.1,3.5,disqust\n",
            "wav/Session01/Sess01_script01_User002M_001.wav": None,
            "wav/Session01/Sess01_script01_User001F_001.wav": None,
        },
        (
            Clip(
                "Sess01_script01_User002M_001",
                "wav/Session01/Sess01_script01_User002M_001.wav",
                labels=("neutral",),
                group="Sess01",
                extra={"valence": "3.4", "arousal": "3", "speaker": "Sess01_User002M"},
            ),
            Clip(
                "Sess01_script01_User001F_001",
                "wav/Session01/Sess01_script01_User001F_001.wav",
                labels=("neutral", "disgust"),
                group="Sess01",
                extra={"valence": "2.1", "arousal": "3.5", "speaker": "Sess01_User001F"},
            ),
        ),
    ),
    "ksponspeech": Layout(
        {
            "KsponSpeech_scripts/eval_clean.trn": ""
            "KsponSpeech_eval/eval_clean/KsponSpeech_E00001.pcm :: 네 맞아요\n",
            "KsponSpeech_scripts/dev.trn": ""
            "KsponSpeech_05/KsponSpeech_0623/KsponSpeech_622543.pcm :: 아/ 그래\n",
            "KsponSpeech_eval/eval_clean/KsponSpeech_E00001.pcm": None,
            "KsponSpeech_05/KsponSpeech_0623/KsponSpeech_622543.wav": None,
        },
        (
            Clip(
                "KsponSpeech_622543",
                "KsponSpeech_05/KsponSpeech_0623/KsponSpeech_622543.wav",
                split="validation",
                extra={"text": "아/ 그래", "list": "dev"},
            ),
            Clip(
                "KsponSpeech_E00001",
                "KsponSpeech_eval/eval_clean/KsponSpeech_E00001.pcm",
                split="test",
                extra={"text": "네 맞아요", "list": "eval_clean", "raw_hz": "16000"},
            ),
        ),
    ),
    "pop909": Layout(
        {
            "007/007.mid": None,
            "007/beat_midi.txt": "0 1 1\n",
            "007/versions/007-v1.mid": None,
            "007/007.ogg": None,
        },
        (
            Clip(
                "007",
                "007/007.ogg",
                group="007",
                extra={"beat_midi": "007/beat_midi.txt", "midi": "007/007.mid"},
            ),
            Clip(
                "007-v1",
                "007/versions/007-v1.mid",
                group="007",
                extra={"midi": "007/versions/007-v1.mid", "version_of": "007"},
            ),
        ),
    ),
    "mir1k": Layout(
        {"Wavfile/abjones_1_01.wav": None, "PitchLabel/abjones_1_01.pv": "0\n52.1\n"},
        (
            Clip(
                "abjones_1_01",
                "Wavfile/abjones_1_01.wav",
                group="abjones",
                extra={"pitch": "PitchLabel/abjones_1_01.pv"},
            ),
        ),
    ),
    "mdb_stem_synth": Layout(
        {
            "audio_stems/AClassicEducation_NightOwl_STEM_08.RESYN.wav": None,
            "annotation_stems/AClassicEducation_NightOwl_STEM_08.RESYN.csv": "0.0,0.0\n",
        },
        (
            Clip(
                "AClassicEducation_NightOwl_STEM_08",
                "audio_stems/AClassicEducation_NightOwl_STEM_08.RESYN.wav",
                group="AClassicEducation",
                extra={"pitch": "annotation_stems/AClassicEducation_NightOwl_STEM_08.RESYN.csv"},
            ),
        ),
    ),
    "guitarset": Layout(
        {"annotation/00_BN1-129-Eb_comp.jams": "{}", "audio_mono-mic/00_BN1-129-Eb_comp_mic.wav": None},
        (
            Clip(
                "00_BN1-129-Eb_comp",
                "audio_mono-mic/00_BN1-129-Eb_comp_mic.wav",
                labels=("bossa nova",),
                group="00",
                extra={
                    "annotations": "annotation/00_BN1-129-Eb_comp.jams",
                    "tempo_bpm": "129",
                    "key_tonic": "Eb",
                    "playing": "comp",
                },
            ),
        ),
    ),
    "giantsteps_tempo": Layout(
        {
            "annotations/tempo/1030011.LOFI.bpm": "75\n",
            "annotations_v2/tempo/1030011.LOFI.bpm": "150\n",
            "annotations_v2/tempo/3041381.LOFI.bpm": "0.0\n",
            "annotations/genre/1030011.LOFI.genre": "drum-and-bass\n",
            "audio/1030011.LOFI.mp3": None,
            "audio/3041381.LOFI.mp3": None,
        },
        (
            Clip(
                "1030011",
                "audio/1030011.LOFI.mp3",
                labels=("drum-and-bass",),
                split="test",
                extra={"tempo_bpm": "150"},
            ),
            Clip("3041381", "audio/3041381.LOFI.mp3", split="test"),
        ),
    ),
    "giantsteps_key": Layout(
        {"annotations/key/10089.LOFI.key": "Eb minor", "audio/10089.LOFI.mp3": None},
        (Clip("10089", "audio/10089.LOFI.mp3", labels=("Eb minor",), split="test"),),
    ),
    "covers80": Layout(
        {
            "covers32k/Yesterday/beatles+1+11-Yesterday.mp3": None,
            "covers32k/Yesterday/en_vogue+Funky_Divas+09-Yesterday.mp3": None,
            "list1.list": "Yesterday/beatles+1+11-Yesterday\n",
            "list2.list": "Yesterday/en_vogue+Funky_Divas+09-Yesterday\n",
        },
        tuple(
            Clip(
                f"Yesterday/{name}",
                f"covers32k/Yesterday/{name}.mp3",
                labels=("Yesterday",),
                group="Yesterday",
                extra={"list": number},
            )
            for name, number in (("beatles+1+11-Yesterday", "1"), ("en_vogue+Funky_Divas+09-Yesterday", "2"))
        ),
    ),
}
