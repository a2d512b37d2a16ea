import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../platform/db/index.ts';
import { SignInRefused, TooManyTries } from './errors.ts';
import {
  createWorld,
  elsewhere,
  firstOwner,
  from,
  invited,
  passPassword,
  race,
  refusal,
  type Member,
  type World,
} from './testing/world.ts';

const HOUR_MS = 3_600_000;
let world: World;
let owner: Member;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});
afterAll(() => world.base.close());

const member = (email: string) => invited(world, owner, { role: 'support', email });
const wrong = (email: string, who = elsewhere()) =>
  world.signIn.password({ email, password: 'not this one' }, who);

describe('guessing passwords', () => {
  it('waits longer after each try beyond five, also when all come at once (A6)', async () => {
    const who = elsewhere();
    const { refused } = await race(40, () => wrong('guessed@example.com', who));
    // Five in a row cost nothing, the sixth makes the next one wait.
    expect(refused.filter((name) => name === SignInRefused.name)).toHaveLength(6);
    expect(refused.filter((name) => name === TooManyTries.name)).toHaveLength(34);
    await world.clock.advance(999);
    await expect(wrong('guessed@example.com', who)).rejects.toThrow(TooManyTries);
    await world.clock.advance(1);
    await expect(wrong('guessed@example.com', who)).rejects.toThrow(SignInRefused);
    await expect(wrong('guessed@example.com', who)).rejects.toMatchObject({ retryAfterMs: 2_000 });
  });

  it('costs no hash while it is braked (A4)', async () => {
    const who = elsewhere();
    await race(10, () => wrong('braked@example.com', who));
    const before = world.work.hashes;
    await expect(wrong('braked@example.com', who)).rejects.toThrow(TooManyTries);
    expect(world.work.hashes).toBe(before);
  });

  it('from fifty addresses never locks the owner out on a known device (A6)', async () => {
    const one = await member('attacked@example.com');
    const device = one.signedIn.device;
    for (let at = 0; at < 1_000; at += 1) {
      const address = `203.0.113.${String(at % 50)}`;
      await refusal(wrong(one.email, from({ address })));
      if (at % 10 === 0) await world.clock.advance(60_000);
    }
    const { rows } = await sql<{ tries: number }>`
      select max(tries) as tries from sign_in_throttle where key like 'account:%'`.execute(
      world.db.read,
    );
    expect(rows[0]?.tries).toBeLessThanOrEqual(100);
    await expect(passPassword(world, one.email, elsewhere())).rejects.toThrow(TooManyTries);
    expect(await passPassword(world, one.email, from({ device }))).toBeTruthy();
    // And with the owner back, strangers begin anew, so a new device works too.
    expect(await passPassword(world, one.email, elsewhere())).toBeTruthy();
  });

  it('is not made easier by the mark of another device, another person or a forged one', async () => {
    const one = await member('marked@example.com');
    const [personId = '', id = '', until = '', mac = ''] = one.signedIn.device?.split('.') ?? [];
    await race(10, () => wrong(one.email));
    await race(10, () => wrong(one.email));
    for (const device of [
      owner.signedIn.device,
      `${owner.personId}.${id}.${until}.${mac}`,
      `${personId}.${id}.9${until}.${mac}`,
      `${personId}.${id}.${until}`,
    ]) {
      await expect(wrong(one.email, { ...elsewhere(), device })).rejects.toThrow(TooManyTries);
    }
    const known = { ...elsewhere(), device: one.signedIn.device };
    await expect(wrong(one.email, known)).rejects.toThrow(SignInRefused);
    await world.clock.advance(181 * 24 * HOUR_MS);
    await race(10, () => wrong(one.email));
    await expect(wrong(one.email, known)).rejects.toThrow(TooManyTries);
  });
});
