import type { Language } from '@opora/kernel';

const UNITS: Readonly<
  Record<Language, Readonly<{ s: string; min: string; h: string; d: string }>>
> = { ru: { s: 'с', min: 'мин', h: 'ч', d: 'д' }, en: { s: 's', min: 'min', h: 'h', d: 'd' } };

const STEPS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** A length of time in its largest unit: `42 s`, `6 min`, `3 h`, `2 d`. */
export function age(ms: number, language: Language): string {
  const step = STEPS.find((each) => ms >= each.ms) ?? STEPS[3];
  return `${String(Math.floor(ms / step.ms))}\u00a0${UNITS[language][step.unit]}`;
}
