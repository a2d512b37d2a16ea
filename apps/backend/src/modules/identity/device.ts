/**
 * Devices that were signed in with once. The mark is a long-lived cookie signed by us and bound to
 * one person: it opens nothing, but strangers' guesses do not brake who carries it (security A6), and
 * a sign-in without it is news to the person (A7).
 */
import type { Ids } from '@opora/kernel';
import type { Sealing } from '../../platform/sealing/index.ts';

export const DEVICE_LIFE_MS = 180 * 24 * 3_600_000;
const PURPOSE = 'device';
const ID_BYTES = 16;

export type Device = Readonly<{ id: string; personId: string }>;

/** The cookie's text for a device; a known one keeps its id, and with it its count of tries. */
export function markDevice(
  deps: { sealing: Sealing; ids: Pick<Ids, 'secret'> },
  personId: string,
  about: { at: Date; known: Device | undefined },
): string {
  const id = about.known?.id ?? deps.ids.secret(ID_BYTES);
  const until = String(about.at.getTime() + DEVICE_LIFE_MS);
  const text = `${personId}.${id}.${until}`;
  return `${text}.${deps.sealing.mac(PURPOSE, text)}`;
}

/** Undefined for no cookie, an old one, or one that we did not sign. */
export function readDevice(
  sealing: Sealing,
  cookie: string | undefined,
  at: Date,
): Device | undefined {
  const [personId = '', id = '', until = '', mac = ''] = cookie?.split('.', 4) ?? [];
  if (!sealing.verifies(PURPOSE, `${personId}.${id}.${until}`, mac)) return undefined;
  return Number(until) > at.getTime() ? { id, personId } : undefined;
}
