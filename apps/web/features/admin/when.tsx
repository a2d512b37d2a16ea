import type { Language } from '@opora/kernel';
import { When } from '../../shared/ui/when.tsx';

type Props = Readonly<{ at: string | Date; language: Language }>;

/** Staff reads UTC, as in logs and at the providers. */
const UTC = { name: 'UTC', isTheirs: true } as const;

/** A moment as staff reads it: `20 Nov 14:02:11`. */
export function AdminWhen({ at, language }: Props) {
  return <When at={at} style="log" visit={{ language, zone: UTC }} />;
}

/** A calendar day: `24 December 2026`. */
export function AdminDay({ at, language }: Props) {
  return <When at={at} style="day" visit={{ language, zone: UTC }} isTight />;
}
