import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { RUN_FOLDER } from './temporary-setup.ts';

it('what tests leave in the temporary folder goes with the run', () => {
  expect(basename(tmpdir())).toMatch(new RegExp(`^${RUN_FOLDER}`));
});
