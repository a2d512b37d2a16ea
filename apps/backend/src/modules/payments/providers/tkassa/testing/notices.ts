/** Notices as the bank makes them, for tests: its example with our terminal and password. */
import { createHash } from 'node:crypto';
import type { RawWebhook } from '../../../provider.ts';

export const TERMINAL = '1763680000DEMO';
export const PASSWORD = 'Tk!Pass_0001';

const EXAMPLE = {
  TerminalKey: TERMINAL,
  OrderId: 'pay_01JD0004',
  Success: true,
  Status: 'CONFIRMED',
  PaymentId: '4000123456',
  ErrorCode: '0',
  Amount: 49_900,
  CardId: 322_264,
  Pan: '220138******0013',
};

/** The example changed and signed. Written apart from `token.ts`: it must not repeat its mistakes. */
export function signed(change: Readonly<Record<string, unknown>> = {}, password = PASSWORD) {
  const fields: Record<string, unknown> = { ...EXAMPLE, ...change };
  const names = Object.keys({ ...fields, Password: '' }).sort();
  const values = names.map((name) => (name === 'Password' ? password : fields[name]));
  const text = values.filter((value) => value !== null && typeof value !== 'object').join('');
  const Token = createHash('sha256').update(text).digest('hex');
  return { ...EXAMPLE, ...change, Token };
}

export function rawNotice(body: unknown, change: Partial<RawWebhook> = {}): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-20T20:47:11Z'),
    ...change,
  };
}
