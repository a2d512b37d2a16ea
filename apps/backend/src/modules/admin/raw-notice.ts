/** A notice in its raw form: nothing that proves somebody's right is shown, not even to staff. */
import type { RawNoticeWire } from '@opora/contracts';
import type { RawNotice } from '../payments/index.ts';
import { NoticeNotFound } from './errors.ts';

/** Headers that prove who sent it: with the body one could send it again. */
const SECRET_HEADER = /authorization|cookie|signature|secret|token|api-key|(?:^|-)sign(?:$|-)/i;
const MASK = '[masked]';
/** Largest body that is shown, bytes. */
const SHOWN_MAX = 262_144;

export function rawNotice(notice: RawNotice | undefined, id: string): RawNoticeWire {
  if (notice === undefined) throw new NoticeNotFound(`no notice ${id}`);
  const shown = notice.body.subarray(0, SHOWN_MAX);
  const text = shown.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(shown);
  return {
    headers: Object.fromEntries(
      Object.entries(notice.headers).map(([name, value]) => [
        name,
        SECRET_HEADER.test(name) ? MASK : value,
      ]),
    ),
    query: notice.query.slice(0, 8192),
    body: isText ? text : shown.toString('base64'),
    encoding: isText ? 'utf8' : 'base64',
    remoteAddress: notice.remoteAddress,
    receivedAt: notice.receivedAt.toISOString(),
  };
}
