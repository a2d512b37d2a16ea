/**
 * Anchors: where the chain stood, signed with a key the database does not have, and kept outside of
 * it (security H4). One line of JSON each; whoever keeps copies of the file elsewhere can prove more.
 */
import { sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { KeySet } from '../../platform/tokens/index.ts';
import type { Seal } from './repository-seals.ts';

const PURPOSE = 'opora audit anchor v1';

const line = z.strictObject({
  seq: z.string().regex(/^[1-9]\d{0,18}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  kid: z.string().max(64),
  signature: z.base64url().max(128),
});

export type Anchor = Readonly<{ seq: bigint; hash: string; at: string }>;

/** One line for the file, without its end. */
export function anchorLine({ seq, hash }: Seal, at: Date, { signing }: KeySet): string {
  const anchor = { seq, hash: hash.toString('hex'), at: at.toISOString() };
  const signature = sign(null, bytesOf(anchor), signing.key).toString('base64url');
  return JSON.stringify({ ...anchor, seq: String(seq), kid: signing.kid, signature });
}

/**
 * Reads the lines of an anchor file. `isSigned` undefined: the key was retired since, so only the
 * hash can be compared; false: not ours, or not an anchor at all.
 */
export function readAnchors(
  text: string,
  keys: Pick<KeySet, 'verifying'>,
): (Anchor & { isSigned: boolean | undefined })[] {
  return text
    .split('\n')
    .filter((each) => each.trim() !== '')
    .map((each) => readAnchor(each, keys.verifying));
}

function readAnchor(
  text: string,
  keys: ReadonlyMap<string, KeyObject>,
): Anchor & { isSigned: boolean | undefined } {
  const read = line.safeParse(parsed(text));
  if (!read.success) return { seq: 0n, hash: '', at: 'an unreadable line', isSigned: false };
  const { hash, at, kid, signature } = read.data;
  const anchor = { seq: BigInt(read.data.seq), hash, at };
  const key = keys.get(kid);
  const isSigned = key && verify(null, bytesOf(anchor), key, Buffer.from(signature, 'base64url'));
  return { ...anchor, isSigned };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The line is named by the verifier as not ours.
    return undefined;
  }
}

function bytesOf({ seq, hash, at }: Anchor): Buffer {
  return Buffer.from([PURPOSE, String(seq), hash, at].join('\n'));
}
