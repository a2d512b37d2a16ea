import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { type Fields, isFields } from '../fields.ts';
import { rehearse as rehearseAny, type Rehearsal as Common, type Reply } from '../rehearsal.ts';
import { createYookassa } from './index.ts';

export type { Reply } from '../rehearsal.ts';

/** A simulated YooKassa for tests, with its own way of being called and of telling. */
export interface Rehearsal extends Omit<Common, 'notified'> {
  /** Calls API v3 with the shop's credentials; every POST gets a fresh key unless one is given. */
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  /** Moves time until one more notification was tried; answers its JSON. */
  notified(): Promise<Fields>;
}

export async function rehearse(options: { folder?: string; at?: string } = {}): Promise<Rehearsal> {
  const vendor = await rehearseAny({ ...options, create: createYookassa });
  const { shopId, secretKey } = SIMULATED_KEYS.yookassa;
  const authorization = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`;
  let key = 0;
  return {
    ...vendor,
    api(method, path, body, headers = {}) {
      key += 1;
      const fresh = method === 'POST' ? { 'idempotence-key': `key-${String(key)}` } : {};
      return vendor.visit(method, `/yookassa/v3${path}`, body, {
        authorization,
        ...fresh,
        ...headers,
      });
    },
    async notified() {
      const newest: unknown = JSON.parse((await vendor.notified()).body);
      return isFields(newest) ? newest : {};
    },
  };
}
