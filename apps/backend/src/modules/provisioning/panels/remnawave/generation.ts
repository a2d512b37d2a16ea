/**
 * The generations of the vendor's API that we speak. Everything an `ensure` needs (by name, create,
 * update by name, stream, squads) is the same in both; what differs is how an account is named
 * elsewhere: by a uuid in 2.x, by a number since 3.0. An account says itself which of the two it has,
 * so a panel that was upgraded between two calls is served at once.
 */
import { assert } from '@opora/kernel';
import type { PanelAccount } from '../../panel.ts';

/** 2.8 is the last line of 2.x; before it there is no stream of accounts. A 4.x may mean anything. */
const WRITTEN = [/^v?2\.8\.\d+/, /^v?3\.\d+\.\d+/];
const NUMBER = /^\d{1,15}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether we write to a panel of this version; any other is read only (principle 12). */
export function isWritten(version: string): boolean {
  return WRITTEN.some((line) => line.test(version));
}

/** The account in a path: `/api/users/<key>/actions/disable`. */
export function pathKey({ key }: PanelAccount): string {
  assert(NUMBER.test(key) || UUID.test(key), 'the key of an account is a number or a uuid');
  return key;
}

/** The account in a body, as the owner of a device. */
export function ownerOf(account: PanelAccount): Readonly<Record<string, unknown>> {
  const key = pathKey(account);
  return NUMBER.test(key) ? { userId: Number(key) } : { userUuid: key };
}
