import type { SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ExportButton } from './export-button.tsx';
import { may } from './sections.ts';

type Props = Readonly<{ href: string; session: SessionWire; language: Language }>;

/** The same rows as a file, for those who may take one. */
export function ListFile({ href, session, language }: Props) {
  if (!may(session, 'exports:read')) return null;
  const freshUntil = session.staff?.steppedUpUntil ?? null;
  return <ExportButton href={href} freshUntil={freshUntil} language={language} />;
}
