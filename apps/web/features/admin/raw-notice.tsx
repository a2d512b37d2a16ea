import type { RawNoticeWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Raw } from '../../shared/ui/raw.tsx';
import { detailWords } from './words/details.ts';

/** A notice exactly as it came: address, headers, body. JSON is only laid out, never changed. */
export function RawNotice({ raw, language }: { raw: RawNoticeWire; language: Language }) {
  const words = detailWords[language];
  const headers = Object.entries(raw.headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <div className="space-y-2">
      <p className="text-12 text-muted">{words.rawFrom(raw.remoteAddress)}</p>
      <Raw label={words.rawHeaders} text={headers.join('\n')} copy={words.copy} />
      {raw.query === '' ? null : <Raw label="query" text={raw.query} copy={words.copy} />}
      <Raw
        label={words.rawBody}
        text={raw.encoding === 'utf8' ? laidOut(raw.body) : raw.body}
        copy={words.copy}
      />
    </div>
  );
}

function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
