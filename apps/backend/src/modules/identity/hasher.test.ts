import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { Overloaded } from '../../platform/breaker/index.ts';
import { createHasher, HASH_COST } from './hasher.ts';

const cheap = { memoryKib: 64, passes: 1, lanes: 1 };
const hasherOf = (cost = cheap, cores = 2) =>
  createHasher({ clock: createManualClock(), cores, cost });

describe('a password hash', () => {
  it('says its parameters, has a salt of its own, and fits its password only (A3)', async () => {
    const hasher = createHasher({ clock: createManualClock(), cores: 2 });
    const phc = await hasher.hash('correct horse');
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.hash('correct horse')).not.toBe(phc);
    expect(await hasher.verify('correct horse', phc)).toBe(true);
    expect(await hasher.verify('correct horsf', phc)).toBe(false);
    expect(HASH_COST.memoryKib * HASH_COST.passes).toBeGreaterThanOrEqual(19_456 * 2);
  });

  it('sees two spellings of one text as one, and the last byte of a long one (A1)', async () => {
    const hasher = hasherOf();
    const phc = await hasher.hash('pässwörd of Zoë');
    expect(await hasher.verify('pässwörd of Zoë'.normalize('NFD'), phc)).toBe(true);
    const long = await hasher.hash(`${'x'.repeat(128)}a`);
    expect(await hasher.verify(`${'x'.repeat(128)}b`, long)).toBe(false);
    expect(await hasher.verify(`${'x'.repeat(128)}a`, long)).toBe(true);
  });

  it('of other parameters still fits, and is known to be old (A3)', async () => {
    const phc = await hasherOf({ ...cheap, memoryKib: 32 }).hash('correct horse');
    const hasher = hasherOf();
    expect(await hasher.verify('correct horse', phc)).toBe(true);
    expect(hasher.isOutdated(phc)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('correct horse'))).toBe(false);
  });

  it('that nothing fits has the cost of the others, so it is no sign (A5)', async () => {
    const hasher = hasherOf();
    expect(hasher.isOutdated(hasher.dummy)).toBe(false);
    expect(await hasher.verify('', hasher.dummy)).toBe(false);
  });
});

describe('hashing', () => {
  it('takes one core less than there are and twenty in the queue, and refuses the rest (A4)', async () => {
    const hasher = hasherOf(cheap, 3);
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => hasher.hash('x')));
    const refused = all.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(40 - 2 - 20);
    for (const one of refused) expect(one).toMatchObject({ reason: expect.any(Overloaded) });
  });
});
