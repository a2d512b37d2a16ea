/** What a job carries, and sums as messages are stored with them. */
import { assert, type Money } from '@opora/kernel';

export type Payload = Readonly<Record<string, unknown>>;

export function text(payload: Payload, key: string): string {
  const value = payload[key];
  assert(typeof value === 'string', `a job has no ${key}`);
  return value;
}

export function sum(value: Money): { money: { minor: string; currency: string } } {
  return { money: { minor: value.minor.toString(), currency: value.currency } };
}
