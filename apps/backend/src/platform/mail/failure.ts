/** What a failed conversation with an SMTP server means. */
import { z } from 'zod';

/** How much of a server's sentence is kept. */
const REPLY_MAX = 200;
const ADDRESS = /[^\s<>@]{1,64}@[^\s<>@]{1,255}/g;

const failureSchema = z.object({
  code: z.string().optional(),
  /** The step that failed: `RCPT TO`, `DATA` ... */
  command: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
});

/** 5xx about the recipient or the content. About our name and sender, the operator mends it. */
export function isRefusal(error: unknown): boolean {
  const { code, command, responseCode = 0 } = read(error);
  if (responseCode < 500 || responseCode === 503) return false;
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutMail && command !== 'MAIL FROM';
}

/** "Come again" about one mailbox says nothing about the server. */
export function isAboutReader(error: unknown): boolean {
  return read(error).command === 'RCPT TO';
}

/** Enhanced codes of RFC 3463 that say "no such mailbox"; "relaying denied" is 5.7.1 and is not. */
export function badAddress(error: unknown): boolean {
  const { command, response = '' } = read(error);
  return command === 'RCPT TO' && /\b5\.1\.(?:1|2|3|6|10)\b/.test(response);
}

/**
 * The server's words, or the name of the fault; never the library's, which may name us. Servers
 * repeat the address in what they say; logs and errors hold none.
 */
export function describeFailure(error: unknown): string {
  const { code = 'failed', response } = read(error);
  const words = response?.replace(/\s+/g, ' ').replace(ADDRESS, '[address]').slice(0, REPLY_MAX);
  return words === undefined ? code : `${code} ${words}`;
}

function read(error: unknown): z.infer<typeof failureSchema> {
  const parsed = failureSchema.safeParse(error);
  return parsed.success ? parsed.data : {};
}
