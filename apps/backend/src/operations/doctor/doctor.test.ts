import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { loadConfig, rootFolder } from '../../config/load.ts';
import { secretValues } from '../../config/shape.ts';
import { good, PAGES, skipped, warning, wrong, type Check, type Finding } from './check.ts';
import { CHECK_MAX_MS, examine, present } from './index.ts';

const named = (name: string, found: Finding): Check => ({ name, run: async () => found });
const more = { mend: 'do this', page: PAGES.doctor };
const deps = { clock: createManualClock(), secrets: [] };

describe('an examination', () => {
  it('takes the worst finding for its verdict, and keeps the order of the checks', async () => {
    const verdict = async (...found: Finding[]) =>
      (
        await examine(
          found.map((each, at) => named(String(at), each)),
          deps,
        )
      ).verdict;
    expect(await verdict(good('x'), skipped('x'))).toBe('good');
    expect(await verdict(good('x'), warning('x', more))).toBe('warning');
    const both = [warning('x', more), wrong('x', more), good('x')];
    expect(await verdict(...both)).toBe('wrong');
    const { checks } = await examine(
      both.map((each) => named(each.state, each)),
      deps,
    );
    expect(checks.map(({ name }) => name)).toEqual(['warning', 'wrong', 'good']);
  });

  it('waits for no check longer than the limit, and for all at once', async () => {
    const clock = createManualClock();
    const silent = (name: string): Check => ({ name, run: () => new Promise(() => undefined) });
    const examined = examine([silent('a'), silent('b'), named('c', good('x'))], {
      clock,
      secrets: [],
    });
    await expect.poll(() => clock.sleepers).toBe(2);
    await clock.advance(CHECK_MAX_MS);
    const { checks } = await examined;
    expect(checks.map(({ state }) => state)).toEqual(['wrong', 'wrong', 'good']);
    expect(checks[0]?.says).toBe('no answer within 12 s');
  });

  it('makes one line of whatever a check throws, at once or later', async () => {
    const thrown = new Error('first\n    at somewhere (file.ts:1:1)');
    const checks: Check[] = [
      { name: 'later', run: () => Promise.reject(thrown) },
      {
        name: 'at once',
        run: () => {
          throw thrown;
        },
      },
    ];
    for (const found of (await examine(checks, deps)).checks) {
      expect(found).toMatchObject({ state: 'wrong', says: 'first at somewhere (file.ts:1:1)' });
    }
  });

  it('prints no secret, whoever puts one into a finding', async () => {
    const config = loadConfig({
      ...{ OPORA_HOME: '/nonexistent', REMNAWAVE_TOKEN: 'canary-token' },
      DATABASE_URL: 'postgres://app:password-canary-of-a-database@db.example/opora',
    });
    const leak = [
      'canary-token',
      'password-canary-of-a-database',
      '7000000001:AAAAAAAAAAAAAAAAAAAA',
      'Basic MTAwNTAwOmNhbmFyeQ==',
    ];
    const says = named('x', good(leak.join(' and ')));
    const deaf = { clock: createManualClock(), secrets: secretValues(config) };
    const report = await examine([says], deaf);
    for (const text of leak) expect(JSON.stringify(report), text).not.toContain(text);
  });
});

describe('what a person reads', () => {
  it('is aligned, says what to do under what is wrong, and sums up', async () => {
    const checks = [
      named('bot', good('@shop_bot lets us in')),
      named('payments', wrong('YooKassa refuses the key', more)),
      named('web', skipped('not set')),
    ];
    expect(present(await examine(checks, deps), { colours: false })).toBe(
      [
        'good     bot       @shop_bot lets us in',
        'WRONG    payments  YooKassa refuses the key',
        '                   to do: do this',
        `                   more:  ${PAGES.doctor}`,
        '-        web       not set',
        '',
        '1 wrong, 0 to look at, 1 good, 1 not looked at.',
      ].join('\n'),
    );
  });
});

describe('the pages findings name', () => {
  /** As readers of Markdown make anchors of headings. */
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-');

  it.each(Object.values(PAGES))('%s exists, its heading too', (page) => {
    const [file = '', heading] = page.split('#');
    expect(existsSync(join(rootFolder, file))).toBe(true);
    const headings = readFileSync(join(rootFolder, file), 'utf8').matchAll(/^#+ (.*)$/gm);
    const anchors = [...headings].map(([, words = '']) => anchor(words));
    if (heading !== undefined) expect(anchors).toContain(heading);
  });
});
