/**
 * API keys as they are used. A key gives at most what it was made for and what its holder may now, and
 * never what needs a fresh second factor (`KEY_SCOPES`). Asked by the gateway, which keeps the answer
 * for ten seconds, and by the API at every call.
 */
import { ROLE_PERMISSIONS, type KeyDecisionWire, type KeyScope } from '@opora/contracts';
import type { StaffRole } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import { isEqualText } from '../../platform/equal-text/index.ts';
import { mayComeFrom, type Networks } from '../../platform/network/index.ts';
import type { ShownKey } from '../../platform/tokens/index.ts';
import { KeyAddressRefused, KeyRefused, StaffAddressRefused } from './errors.ts';
import { markKeyUsed, readHeldKey, type HeldKey } from './repository-keys.ts';

/** The last use is written this often at most. */
const USE_NOTED_EVERY_MS = 60_000;
/** Compared with when nobody has the key, so that the answer takes as long. */
const NOBODYS = Buffer.alloc(43, 'A').toString();

export type KeyCaller = Readonly<{
  keyId: string;
  personId: string;
  /** The holder's. */
  name: string;
  /** Undefined for keys of customers. */
  role: StaffRole | undefined;
  grants: ReadonlySet<KeyScope>;
}>;

export interface ApiKeys {
  /** Who calls, and with which rights; notes the use. Throws `KeyRefused`, `KeyAddressRefused`, `StaffAddressRefused`. */
  use(key: ShownKey, address: string): Promise<KeyCaller>;
  /** For the gateway; undefined: nobody's, expired or ended. */
  decide(key: ShownKey): Promise<KeyDecisionWire | undefined>;
}

export function createApiKeys(deps: {
  db: Database;
  clock: Clock;
  /** Where staff may work from, by keys too; absent: anywhere. */
  staffNetworks?: Networks | undefined;
}): ApiKeys {
  const { db, clock, staffNetworks } = deps;

  async function held(key: ShownKey): Promise<HeldKey | undefined> {
    const found = await readHeldKey(db.read, key.publicId, clock.now());
    return isEqualText(key.secretHash, found?.secretHash ?? NOBODYS) ? found : undefined;
  }

  return {
    async use(key, address) {
      const found = await held(key);
      if (found === undefined) throw new KeyRefused('no living key');
      const { id: keyId, personId, name, role, networks } = found;
      if (!mayComeFrom(networks, address)) {
        throw new KeyAddressRefused(`${found.publicId} may not be used from ${address}`);
      }
      if (role !== undefined && staffNetworks?.includes(address) === false) {
        throw new StaffAddressRefused(`staff may not work from ${address}`);
      }
      const at = clock.now();
      const unlessSince = new Date(at.getTime() - USE_NOTED_EVERY_MS);
      if (found.usedAt === undefined || found.usedAt <= unlessSince) {
        await markKeyUsed(db.read, { id: keyId, at, unlessSince });
      }
      return { keyId, personId, name, role, grants: new Set(grantsOf(found)) };
    },
    async decide(key) {
      const found = await held(key);
      if (found === undefined) return undefined;
      return {
        keyId: found.id,
        personId: found.personId,
        createdAt: found.createdAt.toISOString(),
        isStaff: found.role !== undefined,
        grants: grantsOf(found),
        networks: [...found.networks],
      };
    },
  };
}

/** What the key was made for, as far as its holder may it now. */
function grantsOf({ scopes, role }: HeldKey): KeyScope[] {
  if (role === undefined) return scopes.filter((scope) => scope === 'session');
  const rights = ROLE_PERMISSIONS[role];
  return scopes.filter((scope) => scope !== 'session' && rights.has(scope));
}
