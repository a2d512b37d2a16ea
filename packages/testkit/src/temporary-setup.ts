/**
 * Vitest's global setup of the whole run: what tests make in the system's temporary folder is made in
 * one folder of the run and thrown away with it, whoever forgot it and however it ended.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const RUN_FOLDER = 'opora-tests-';
/** As the one it stands for: PostgreSQL may run as another user and must get in. */
const RIGHTS = 0o1777;

/** Workers take their environment from this process. */
export default function setup(): () => void {
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), RUN_FOLDER));
  chmodSync(folder, RIGHTS);
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
}
