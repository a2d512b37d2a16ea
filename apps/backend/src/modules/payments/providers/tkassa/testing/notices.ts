/** Notices as the bank makes them, for tests: its example with our terminal and password. */
import { createHash } from 'node:crypto';
import type { RawWebhook } from '../../../provider.ts';
import type { Fuzzed } from '../../conformance/case.ts';

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
  const Token = tokenFor({ ...EXAMPLE, ...change }, password);
  return { ...EXAMPLE, ...change, Token };
}

function tokenFor(fields: Readonly<Record<string, unknown>>, password: string): string {
  const names = Object.keys({ ...fields, Password: '' }).sort();
  const values = names.map((name) => (name === 'Password' ? password : fields[name]));
  const text = values.filter((value) => value !== null && typeof value !== 'object').join('');
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with our terminal's true token in it; what is no object goes as it is. */
function resigned(text: Buffer | string): Record<string, unknown> | Buffer {
  const fields = objectIn(text);
  if (fields === undefined) return Buffer.from(text);
  const { Token: _old, ...rest } = fields;
  return { ...rest, Token: tokenFor(rest, PASSWORD) };
}

function objectIn(text: Buffer | string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
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

/** For the random part of the suite. */
export const FUZZED: Fuzzed = {
  signs: (text) => rawNotice(resigned(text)),
  notices: [signed(), signed({ Status: 'AUTHORIZED', Data: { a: 1 } })],
  inAnswer: {
    facts: ['PaymentId', 'Status', 'Amount', 'Success', 'TerminalKey'],
    order: 'OrderId',
  },
};
