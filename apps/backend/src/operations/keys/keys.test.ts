/** No key is used before everybody knows it, whatever is cut off where (security I6). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { sourceOf } from '../../config/load.ts';
import { localEnvironmentFile, portsFrom } from '../../config/shape.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { readSealingKeys } from '../../platform/sealing/index.ts';
import { readKeySet } from '../../platform/tokens/index.ts';
import { ensureLocalState } from '../local-state.ts';
import {
  dropKey,
  KEPT_FOR_MS,
  KEY_CLASSES,
  KEY_HOLDERS,
  KeyKept,
  keysIn,
  KeysNotOurs,
  openKeyFiles,
  rotateKeys,
  type KeyClass,
} from './index.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

async function setUp() {
  const home = mkdtempSync(join(tmpdir(), 'opora-keys-'));
  homes.push(home);
  const clock = createManualClock();
  await ensureLocalState({ home, ports: portsFrom(21_000), clock, ids: systemIds });
  const files = openKeyFiles(home, (key) => sourceOf(key, { OPORA_HOME: home }));
  const idsOf = async (kind: KeyClass) => keysIn(kind, await files.read(kind)).map(({ id }) => id);
  /** What each role knows: what was in the files when it started last. */
  const known = new Map<string, { uses: string[]; knows: string[] }>();
  const start = async (role: string) => {
    const sets = await Promise.all(KEY_CLASSES.map(idsOf));
    known.set(role, { uses: sets.map(([first = '']) => first), knows: sets.flat() });
  };
  for (const role of KEY_HOLDERS) await start(role);
  const strangers: string[] = [];
  let startsLeft = Number.POSITIVE_INFINITY;
  const deps = {
    ...{ clock, ids: systemIds, files, say: () => undefined },
    async restart(role: string) {
      startsLeft -= 1;
      if (startsLeft < 0) throw new Error('the power went out');
      await start(role);
      // After every single start: whatever anybody uses is known to all.
      for (const [user, { uses }] of known) {
        for (const [other, { knows }] of known) {
          if (!uses.every((id) => knows.includes(id))) strangers.push(`${other} of ${user}`);
        }
      }
    },
  };
  const rotate = async (kinds: readonly KeyClass[] = KEY_CLASSES) => {
    const done = rotateKeys(deps, kinds);
    const turning = done.catch(() => undefined).then(() => 'over');
    while ((await Promise.race([turning, tick()])) !== 'over') await clock.advance(60_000);
    return await done;
  };
  const cutAfter = (starts: number) => (startsLeft = starts);
  return { home, clock, files, deps, rotate, idsOf, strangers, cutAfter };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a rotation', () => {
  it('uses new keys of both sets, which everybody knew before, and keeps the old ones', async () => {
    const world = await setUp();
    const before = await Promise.all(KEY_CLASSES.map(world.idsOf));
    const fresh = await world.rotate();
    expect(world.strangers).toEqual([]);
    for (const [at, kind] of KEY_CLASSES.entries()) {
      expect(await world.idsOf(kind)).toEqual([fresh.get(kind), ...(before[at] ?? [])]);
    }
    readKeySet(new Secret(await world.files.read('signing')));
    readSealingKeys(new Secret(await world.files.read('encryption')));
    expect(Object.keys((await world.files.history()).replacedAt)).toEqual(before.flat());
  });

  it('leaves the other set alone when one is named', async () => {
    const world = await setUp();
    const before = await world.files.read('encryption');
    await world.rotate(['signing']);
    expect(await world.files.read('encryption')).toBe(before);
  });

  it.each(Array.from({ length: KEY_HOLDERS.length * 2 }, (_, at) => at))(
    'that was cut off after %i starts goes on with the same key',
    async (starts) => {
      const world = await setUp();
      world.cutAfter(starts);
      await expect(world.rotate()).rejects.toThrow('the power went out');
      const begun = (await world.files.history()).prepared;
      world.cutAfter(Number.POSITIVE_INFINITY);
      const fresh = await world.rotate();
      expect(Object.fromEntries(fresh)).toEqual(begun);
      expect(world.strangers).toEqual([]);
      for (const kind of KEY_CLASSES) {
        expect(await world.idsOf(kind)).toHaveLength(2);
        expect((await world.idsOf(kind))[0]).toBe(fresh.get(kind));
      }
    },
  );

  it('is refused when the set is full, and changes nothing', async () => {
    const world = await setUp();
    for (let at = 0; at < 4; at += 1) await world.rotate(['signing']);
    const full = await world.files.read('signing');
    await expect(world.rotate(['signing'])).rejects.toThrow(KeyKept);
    expect(await world.files.read('signing')).toBe(full);
  });

  it('changes a file that a setting names, and says what to do where it may not', async () => {
    const world = await setUp();
    const file = join(world.home, 'keys');
    const setting = await world.files.read('encryption');
    writeFileSync(file, setting);
    const environment = { OPORA_HOME: world.home, ENCRYPTION_KEYS_FILE: file };
    const named = openKeyFiles(world.home, (key) => sourceOf(key, environment));
    await named.write('encryption', `${setting},x`);
    expect(readFileSync(file, 'utf8')).toBe(`${setting},x\n`);
    expect(readFileSync(localEnvironmentFile(world.home), 'utf8')).not.toContain(`${setting},x`);
    const given = openKeyFiles(world.home, (key) =>
      sourceOf(key, { OPORA_HOME: world.home, ENCRYPTION_KEYS: setting }),
    );
    await expect(given.write('encryption', 'x')).rejects.toThrow(KeysNotOurs);
    await expect(given.write('encryption', 'x')).rejects.toThrow(/put a new key last/);
  });
});

describe('an old key', () => {
  const wish = { sealed: 0, atOnce: false };

  it('goes when nothing rests on it any more, and not before', async () => {
    const world = await setUp();
    const [old = ''] = await world.idsOf('encryption');
    const fresh = (await world.rotate(['encryption'])).get('encryption') ?? '';
    const drop = (given: Partial<typeof wish & { id: string }>) =>
      dropKey(world.deps, 'encryption', { ...wish, id: old, ...given });
    await expect(drop({ id: fresh })).rejects.toThrow('in use');
    await expect(drop({ id: 'nobody' })).rejects.toThrow('no encryption key');
    await expect(drop({ sealed: 3, atOnce: true })).rejects.toThrow('3 values are sealed');
    await expect(drop({})).rejects.toThrow('is needed until');
    await world.clock.advance(KEPT_FOR_MS.encryption);
    await drop({});
    expect(await world.idsOf('encryption')).toEqual([fresh]);
  });

  it('that was replaced by hand goes only at once, and the refusal says why', async () => {
    const world = await setUp();
    const [old = ''] = await world.idsOf('encryption');
    await world.rotate(['encryption']);
    await world.files.keepHistory({ prepared: {}, replacedAt: {} });
    await world.clock.advance(10 * KEPT_FOR_MS.encryption);
    const drop = (atOnce: boolean) =>
      dropKey(world.deps, 'encryption', { id: old, sealed: 0, atOnce });
    await expect(drop(false)).rejects.toThrow('was replaced by hand');
    await drop(true);
    expect(await world.idsOf('encryption')).not.toContain(old);
  });

  it('goes at once when it leaked', async () => {
    const world = await setUp();
    const [old = ''] = await world.idsOf('signing');
    await world.rotate(['signing']);
    await dropKey(world.deps, 'signing', { ...wish, id: old, atOnce: true });
    expect(await world.idsOf('signing')).not.toContain(old);
  });
});
