/** Commands of the operator that let nobody in any more, and the token of a script, as programs. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../src/commands/sessions.ts';
import { inheritedEnvironment, rootFolder } from '../src/config/load.ts';
import { sql } from '../src/platform/db/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { linkOf, SERVICE_KEYS } from '../src/platform/http/testing/link.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

const PATIENCE_MS = 240_000;
const REASON = ['--reason', 'restore of the 24th'];

let base: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  base = await cloneDatabase(2);
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  settings = {
    ...{
      OPORA_HOME: '/nonexistent',
      OPORA_SIMULATORS: 'off',
      DATABASE_URL: base.url,
      SERVICE_KEYS,
    },
    JWT_KEYS: JSON.stringify([{ kid: 'test', ...key }]),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
  };
});
afterAll(() => base.close());

async function opora(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = [join(rootFolder, 'apps/backend/src/main.ts'), ...args];
  const env = inheritedEnvironment(settings);
  return await new Promise((resolve) => {
    execFile(process.execPath, program, { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('opora sessions revoke (R4)', { timeout: PATIENCE_MS }, () => {
  it('writes the cut and why into the audit log', async () => {
    const tokenId = systemIds.next('jti');
    const everybody = await opora('sessions', 'revoke', '--everybody', ...REASON);
    expect([everybody.code, everybody.out]).toEqual([0, expect.stringMatching(/aud_\w{26}/)]);
    expect((await opora('sessions', 'revoke', '--token', tokenId, ...REASON)).code).toBe(0);
    const { rows } = await sql<{ kind: string; subject: string }>`
      select kind, subject from revocation order by at`.execute(base.db.read);
    expect(rows).toEqual([
      { kind: 'everybody', subject: '' },
      { kind: 'token', subject: tokenId },
    ]);
    const entries = await sql<{ act: string; reason: string; actor_id: string }>`
      select act, reason, actor_id from audit_entry order by at`.execute(base.db.read);
    expect(entries.rows).toEqual([
      { act: 'sessions.end_all', reason: REASON[1], actor_id: 'system' },
      { act: 'sessions.end_token', reason: REASON[1], actor_id: 'system' },
    ]);
  });

  it('says what it does not understand, and whom it does not know', async () => {
    for (const args of [
      ['--everybody'],
      [...REASON],
      ['--everybody', '--token', systemIds.next('jti'), ...REASON],
      ['--nobody', ...REASON],
    ]) {
      const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      expect(await run(['revoke', ...args])).toBe(64);
      expect(said).toHaveBeenCalledWith(expect.stringContaining('--reason <text>'));
      said.mockRestore();
    }
    const nobody = await opora('sessions', 'revoke', '--person', systemIds.next('per'), ...REASON);
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('no person')]);
  });
});

it(
  'opora keys token gives a script what the monitor believes, for it alone (D10)',
  { timeout: PATIENCE_MS },
  async () => {
    const { code, out } = await opora('keys', 'token', 'monitor');
    expect(code).toBe(0);
    const headers = { authorization: `Bearer ${out.trim()}` };
    expect(linkOf('monitor', systemClock).isService(headers)).toBe(true);
    expect(linkOf('auth', systemClock).isService(headers)).toBe(false);
  },
);
