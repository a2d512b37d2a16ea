/** A mail on the wire as the mailbox keeps it. */
import { simpleParser, type HeaderLines, type Source } from 'mailparser';
import type { StoredMail } from './box.ts';

/** Read by SendGrid and taken out of what it delivers. */
const SERVICE_HEADER = 'x-smtpapi';

export type Content = Omit<StoredMail, 'id' | 'from' | 'to' | 'arrivals' | 'fates'>;

export async function readContent(source: Source): Promise<Content> {
  const parsed = await simpleParser(source);
  return {
    sender: parsed.from?.text ?? '',
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html === false ? undefined : parsed.html,
    headers: headersOf(parsed.headerLines).filter(([name]) => name !== SERVICE_HEADER),
    messageId: parsed.messageId ?? '',
    uniqueArgs: uniqueArgsIn(parsed.headers.get(SERVICE_HEADER)),
  };
}

function headersOf(lines: HeaderLines): [string, string][] {
  return lines.map(({ key, line }) => [
    key,
    line
      .slice(line.indexOf(':') + 1)
      .replace(/\s+/g, ' ')
      .trim(),
  ]);
}

/** `{"unique_args": {"name": "value"}}`; anything else is as good as nothing. */
function uniqueArgsIn(header: unknown): Record<string, string> {
  try {
    const given: unknown = JSON.parse(String(header));
    const args = typeof given === 'object' && given !== null && 'unique_args' in given;
    return args
      ? Object.fromEntries(
          Object.entries(given.unique_args ?? {}).map(([name, value]) => [name, String(value)]),
        )
      : {};
  } catch {
    return {};
  }
}
