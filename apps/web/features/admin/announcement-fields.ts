import { INCIDENT_STEPS, TOUCHES } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { ActField } from './act-fields.ts';
import { announcementWords } from './words/announcements.ts';

const HOUR_MS = 3_600_000;

/** What customers are told, in both languages, and what it touches. */
export function toldFields(language: Language): readonly ActField[] {
  const { fields, touches } = announcementWords[language];
  return [
    {
      ...{ kind: 'choice', name: 'touches', label: fields.touches, value: 'all' },
      options: TOUCHES.map((each) => [each, touches[each]] as const),
    },
    { kind: 'text', name: 'titleRu', label: fields.titleRu, value: '' },
    { kind: 'text', name: 'titleEn', label: fields.titleEn, value: '' },
    ...textFields(language),
  ];
}

export function textFields(language: Language): readonly ActField[] {
  const { fields } = announcementWords[language];
  return [
    { kind: 'long', name: 'textRu', label: fields.textRu, value: '' },
    { kind: 'long', name: 'textEn', label: fields.textEn, value: '' },
  ];
}

export function stepField(language: Language): ActField {
  const { fields, steps } = announcementWords[language];
  return {
    ...{ kind: 'choice', name: 'step', label: fields.step, value: 'identified' },
    options: INCIDENT_STEPS.map((each) => [each, steps[each]] as const),
  };
}

/** The next whole hour, for an hour: in UTC, as staff reads times. */
export function timeFields(language: Language): readonly ActField[] {
  const { fields } = announcementWords[language];
  const from = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  const text = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);
  return [
    { kind: 'moment', name: 'from', label: fields.from, value: text(from) },
    { kind: 'moment', name: 'to', label: fields.to, value: text(from + HOUR_MS) },
  ];
}
