import type { KeyWire } from '@opora/contracts';
import type { ApiKey } from './repository-keys.ts';

/** A key as its holder and a review of access see it. */
export function presentKey(key: ApiKey): KeyWire {
  return {
    ...{ id: key.id, prefix: key.prefix, name: key.name },
    ...{ scopes: [...key.scopes], networks: [...key.networks] },
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt.toISOString(),
    usedAt: key.usedAt?.toISOString() ?? null,
  };
}
