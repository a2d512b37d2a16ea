/** A set of keys as its setting holds it: which keys are in it, and what it is with others. */
import { generateKeyPairSync } from 'node:crypto';
import type { Clock, Ids } from '@opora/kernel';
import { z } from 'zod';

/**
 * `signing` proves access tokens and anchors, `encryption` seals columns and marks cookies, by `service`
 * roles know each other.
 */
export const KEY_CLASSES = ['signing', 'encryption', 'service'] as const;
export type KeyClass = (typeof KEY_CLASSES)[number];

export const SETTING = {
  signing: 'JWT_KEYS',
  encryption: 'ENCRYPTION_KEYS',
  service: 'SERVICE_KEYS',
} as const;

/** One key; `text` is the setting with this key alone. */
export type KeyText = Readonly<{ id: string; text: string }>;

const jwkList = z.array(z.looseObject({ kid: z.string() }));

/** The keys of a setting that was read and found good before, the one in use first. */
export function keysIn(kind: KeyClass, setting: string): KeyText[] {
  if (kind === 'signing') {
    const list = jwkList.parse(JSON.parse(setting));
    return list.map((jwk) => ({ id: jwk.kid, text: JSON.stringify([jwk]) }));
  }
  return setting.split(',').map((pair) => {
    const text = pair.trim();
    return { id: text.slice(0, text.indexOf(':')), text };
  });
}

/** The setting with these keys, the one in use first. */
export function settingOf(kind: KeyClass, keys: readonly KeyText[]): string {
  if (kind !== 'signing') return keys.map(({ text }) => text).join(',');
  return JSON.stringify(keys.flatMap(({ text }) => jwkList.parse(JSON.parse(text))));
}

export function newKey(deps: { clock: Clock; ids: Ids }, kind: KeyClass): KeyText {
  // The month a key was made in, so that an operator sees which one is old.
  const id = `${deps.clock.now().toISOString().slice(0, 7)}-${deps.ids.secret(4)}`;
  if (kind !== 'signing') return { id, text: `${id}:${deps.ids.secret(32)}` };
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { id, text: JSON.stringify([{ ...jwk, kid: id, alg: 'EdDSA', use: 'sig' }]) };
}
