/**
 * The bytes an entry is sealed by, and the hash that links it to the one before (security H3). Every
 * part is written with its length in front, so no two entries have the same bytes: free JSON would
 * let a quote in one field look like the end of another.
 */
import { createHash } from 'node:crypto';
import type { AuditEntry, AuditFacts } from './entry.ts';

const VERSION = 'opora audit v1';
export const GENESIS = Buffer.alloc(32);

/** `hash_n = SHA-256(version | seq | hash_n-1 | entry)`. */
export function sealOf(seq: bigint, previous: Buffer, entry: AuditEntry): Buffer {
  const hash = createHash('sha256');
  for (const part of [VERSION, String(seq), previous, ...partsOf(entry)]) hash.update(framed(part));
  return hash.digest();
}

function partsOf(entry: AuditEntry): (string | undefined)[] {
  return [
    entry.id,
    entry.at.toISOString(),
    entry.actorId,
    entry.actorName,
    entry.act,
    entry.subject.kind,
    entry.subject.id,
    entry.personId,
    entry.reason,
    ...factsOf(entry.before),
    ...factsOf(entry.after),
    entry.result,
    entry.requestId,
    entry.remoteAddress,
  ];
}

/** In the order of their names: PostgreSQL keeps objects in an order of its own. */
function factsOf(facts: AuditFacts | undefined): (string | undefined)[] {
  if (facts === undefined) return [undefined];
  const names = Object.keys(facts).toSorted();
  return [String(names.length), ...names.flatMap((name) => [name, facts[name] ?? undefined])];
}

/** A sign whether it is there, four bytes of length, the bytes. */
function framed(part: string | Buffer | undefined): Buffer {
  if (part === undefined) return Buffer.of(0);
  const bytes = Buffer.from(part);
  const head = Buffer.alloc(5);
  head.writeUInt8(1);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
