import type { Language } from './index.svelte';

/** The server's phrases, written in src/sori/library/reasons.py, in Korean. */
const WORDS: Record<string, string> = {
  'both brighter than most': '둘 다 남달리 밝음',
  'both darker than most': '둘 다 남달리 어두움',
  'similar brightness': '밝기가 비슷함',
  'both heavier in bass than most': '둘 다 저음이 두터움',
  'both lighter in bass than most': '둘 다 저음이 가벼움',
  'similar share of bass': '저음의 비중이 비슷함',
  'both noisier than most': '둘 다 소음 성분이 많음',
  'both purer in tone than most': '둘 다 소리가 맑음',
  'similarly noisy': '소음 성분이 비슷함',
  'both busier than most': '둘 다 음이 촘촘함',
  'both sparser than most': '둘 다 음이 드묾',
  'similarly busy': '촘촘함이 비슷함',
  'both steadier in pulse than most': '둘 다 박이 뚜렷함',
  'both freer in time than most': '둘 다 박이 자유로움',
  'similarly clear in pulse': '박의 뚜렷함이 비슷함',
  'both quicker to change harmony than most': '둘 다 화성이 자주 바뀜',
  'both slower to change harmony than most': '둘 다 화성이 천천히 바뀜',
  'similar harmonic rhythm': '화성이 바뀌는 속도가 비슷함',
  'both higher in melody than most': '둘 다 선율이 높음',
  'both lower in melody than most': '둘 다 선율이 낮음',
  'similar register': '음역이 비슷함',
  'both sharper in attack than most': '둘 다 소리가 날카롭게 시작함',
  'both softer in attack than most': '둘 다 소리가 부드럽게 시작함',
  'similar attack': '소리의 시작이 비슷함',
};

const FACETS: Record<string, string> = {
  timbre: '음색이',
  rhythm: '리듬이',
  harmony: '화성이',
  melody: '선율이',
  dynamics: '셈여림이',
};

const MODES: Record<string, string> = { major: '장조', minor: '단조' };
const TIMES: Record<string, string> = { half: '절반', double: '두 배', third: '3분의 1', triple: '세 배' };

function key(text: string): string {
  return text.replace(
    /([A-G][#b]?) (major|minor)/g,
    (_, tonic: string, mode: string) => `${tonic} ${MODES[mode]}`,
  );
}

const PATTERNS: [RegExp, (...found: string[]) => string][] = [
  [/^similar (\w+)$/, (_, facet) => `${FACETS[facet!] ?? facet} 비슷함`],
  [/^nearly the same (\w+)$/, (_, facet) => `${FACETS[facet!] ?? facet} 거의 같음`],
  [/^both (\d+) BPM$/, (_, bpm) => `둘 다 ${bpm} BPM`],
  [/^(\d+) and (\d+) BPM$/, (_, a, b) => `${a} BPM과 ${b} BPM`],
  [/^(\d+) and (\d+) BPM, (.+) time$/, (_, a, b, how) => `${a}, ${b} BPM (${TIMES[how!] ?? how} 빠르기)`],
  [/^both in (.+)$/, (_, name) => `둘 다 ${key(name!)}`],
  [/^(.+) and (.+) are relatives$/, (_, a, b) => `${key(a!)}, ${key(b!)}: 나란한조`],
  [/^(.+) and (.+) are a fifth apart$/, (_, a, b) => `${key(a!)}, ${key(b!)}: 5도 사이`],
  [/^both tuned to A = (.+) Hz$/, (_, hz) => `둘 다 A = ${hz} Hz로 조율`],
  [
    /^both steady in loudness \(range (.+) and (.+) LU\)$/,
    (_, a, b) => `둘 다 음량이 고름(폭 ${a}, ${b} LU)`,
  ],
  [/^both wide in loudness \(range (.+) and (.+) LU\)$/, (_, a, b) => `둘 다 음량 폭이 넓음(${a}, ${b} LU)`],
];

/** A reason in the language of the page; one that is not known yet stays as it came. */
export function reasonIn(language: Language, phrase: string): string {
  if (language === 'en') return phrase;
  const word = WORDS[phrase];
  if (word) return word;
  for (const [pattern, say] of PATTERNS) {
    const found = pattern.exec(phrase);
    if (found) return say(...found);
  }
  return phrase;
}
