/**
 * Argon2id with its parameters beside each hash, so that they can grow. A hash costs tens of
 * milliseconds and 19 MiB: a bulkhead keeps sign-ins from taking the machine (security A3, A4).
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@opora/kernel';
import { createBulkhead } from '../../platform/breaker/index.ts';
import { normalizePassword } from './password.ts';

export interface Hasher {
  /** PHC text: `$argon2id$v=19$m=...,t=...,p=...$salt$hash`; throws `Overloaded`. */
  hash(password: string): Promise<string>;
  /** Exactly one hash of work, whatever is compared; throws `Overloaded`. */
  verify(password: string, phc: string): Promise<boolean>;
  /** The hash was made with other parameters than today's. */
  isOutdated(phc: string): boolean;
  /** A hash that no password fits, as costly to compare as the others (security A5). */
  readonly dummy: string;
}

export type HashCost = Readonly<{ memoryKib: number; passes: number; lanes: number }>;

/** OWASP's floor for Argon2id. */
export const HASH_COST: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const WAITING_MAX = 20;
/** Longest in the queue: twenty hashes on the slowest machine we know. */
const WAIT_MAX_MS = 5_000;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

export function createHasher(deps: { clock: Clock; cores: number; cost?: HashCost }): Hasher {
  const { clock, cores, cost = HASH_COST } = deps;
  const bulkhead = createBulkhead({
    name: 'password hashing',
    clock,
    inFlightMax: Math.max(1, cores - 1),
    waitingMax: WAITING_MAX,
    waitMaxMs: WAIT_MAX_MS,
  });
  return {
    dummy: format(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES)),
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format(cost, salt, await bulkhead.run(() => derive(password, salt, cost)));
    },
    async verify(password, phc) {
      const { cost: own, salt, hash } = parse(phc);
      return timingSafeEqual(await bulkhead.run(() => derive(password, salt, own)), hash);
    },
    isOutdated(phc) {
      const { cost: own } = parse(phc);
      return own.memoryKib !== cost.memoryKib || own.passes !== cost.passes;
    },
  };
}

function derive(password: string, salt: Buffer, cost: HashCost): Promise<Buffer> {
  const parameters = {
    message: Buffer.from(normalizePassword(password)),
    nonce: salt,
    parallelism: cost.lanes,
    tagLength: HASH_BYTES,
    memory: cost.memoryKib,
    passes: cost.passes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

function format(cost: HashCost, salt: Buffer, hash: Buffer): string {
  const { memoryKib: m, passes: t, lanes: p } = cost;
  const parameters = `m=${String(m)},t=${String(t)},p=${String(p)}`;
  return `$argon2id$v=19$${parameters}$${base64(salt)}$${base64(hash)}`;
}

/** Throws for a text that is no hash of ours: a row changed by hand is a bug, not a refusal. */
function parse(phc: string): { cost: HashCost; salt: Buffer; hash: Buffer } {
  const [, m, t, p, salt = '', hash = ''] = PHC.exec(phc) ?? [];
  const cost = { memoryKib: Number(m), passes: Number(t), lanes: Number(p) };
  const bytes = Buffer.from(hash, 'base64');
  if (bytes.length !== HASH_BYTES) throw new Error('a stored password hash cannot be read');
  return { cost, salt: Buffer.from(salt, 'base64'), hash: bytes };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
