import { expect, it } from 'vitest';
import { checkDisk } from './disk.ts';

const MIB = 1024 * 1024;
const HOME = '/nonexistent/state';
const nowhere = async () => undefined;

it.each([
  [69 * 1024, 'good', '69.0 GB free'],
  [900, 'warning', '900 MB free'],
  [199, 'wrong', '199 MB free'],
])('with %i MB free is %s', async (mib, state, words) => {
  const found = await checkDisk(HOME, nowhere, async () => mib * MIB).run();
  expect(found.state).toBe(state);
  expect(found.says).toContain(words);
});

it('names the folder with less room: the state, or the database on another disk', async () => {
  const freeAt = async (path: string) => (path === HOME ? 5_000 : 10) * MIB;
  const atDatabase = await checkDisk(HOME, async () => '/data', freeAt).run();
  expect(atDatabase).toMatchObject({ state: 'wrong', says: '10 MB free at /data' });
  const oneDisk = await checkDisk(
    HOME,
    async () => '/data',
    async () => 5_000 * MIB,
  ).run();
  expect(oneDisk.says).toBe(`4.9 GB free at ${HOME}`);
});

it('looks where a folder that is not there yet will lie', async () => {
  const found = await checkDisk(HOME, nowhere).run();
  expect(found.says).toMatch(/ (?:MB|GB) free at \/nonexistent\/state$/);
});
