import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@opora/testkit';
import { Secret } from '@opora/kernel';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../../../platform/log/index.ts';
import { readKeySet } from '../../../platform/tokens/index.ts';
import { readAnchors } from '../index.ts';
import { runSealer } from './sealer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opora-audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('anchors at once, then every five minutes or thousand entries, and never the same twice', async () => {
  const clock = createManualClock();
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const keys = readKeySet(new Secret(JSON.stringify([{ kid: 'now', ...jwk }])));
  const anchorFile = join(folder, 'anchors');
  let seq = 3n;
  const last = () => ({ seq, entryId: 'aud_1', hash: Buffer.alloc(32, Number(seq % 250n)) });
  const log = createLog({ level: 'error', role: 'test', write: () => undefined });
  const auditChain = { seal: () => Promise.resolve({ sealed: 0, last: last() }) };
  const sealer = runSealer({ auditChain, keys, clock, log, anchorFile });
  const anchors = async () => {
    await vi.waitFor(() => {
      if (clock.sleepers < 1) throw new Error('a round is under way');
    });
    const read = readAnchors(await readFile(anchorFile, 'utf8'), keys);
    expect(read.every(({ isSigned }) => isSigned)).toBe(true);
    return read.map((one) => one.seq);
  };
  expect(await anchors()).toEqual([3n]);
  expect((await stat(anchorFile)).mode & 0o777).toBe(0o600);
  seq = 10n;
  await clock.advance(5_000);
  expect(await anchors()).toEqual([3n]);
  seq = 1_003n;
  await clock.advance(5_000);
  expect(await anchors()).toEqual([3n, 1_003n]);
  seq = 1_004n;
  await clock.advance(300_000);
  expect(await anchors()).toEqual([3n, 1_003n, 1_004n]);
  await clock.advance(300_000);
  expect(await anchors()).toEqual([3n, 1_003n, 1_004n]);
  await sealer.stop();
});
