import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { LOCAL_KEYS, localEnvironmentFile, portsFrom } from '../config/shape.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { ensureLocalState, HomeUnusable, superuserPassword } from './local-state.ts';

const home = mkdtempSync(join(tmpdir(), 'opora-state-'));
const ensure = (base: number) =>
  ensureLocalState({ home, ports: portsFrom(base), clock: systemClock, ids: systemIds });
const read = () => parseEnv(readFileSync(localEnvironmentFile(home), 'utf8'));

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('the state of a local run', () => {
  it('is generated once, in the shapes the vendors use, for the owner alone', async () => {
    expect(await ensure(21_000)).toEqual({ firstStart: true });
    const values = read();
    expect(values[LOCAL_KEYS.telegramToken]).toMatch(/^7000000001:[A-Za-z0-9_-]{35}$/);
    expect(values[LOCAL_KEYS.remnawaveWebhookSecret]).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(values['TELEGRAM_WEBHOOK_SECRET']).toMatch(/^[A-Za-z0-9_-]{32,256}$/);
    expect(statSync(localEnvironmentFile(home)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(values['JWT_KEYS'] ?? '')).toMatchObject([
      { kty: 'OKP', crv: 'Ed25519', kid: expect.stringMatching(/^\d{4}-\d\d-/) },
    ]);
    expect(values['ENCRYPTION_KEYS']).toMatch(/^\d{4}-\d\d-[\w-]+:[\w-]{43}$/);
    const config = loadConfig({ OPORA_HOME: home, OPORA_PORT_BASE: '21000' });
    expect(config.database.ownerUrl?.reveal()).toMatch(
      /^postgres:\/\/opora_owner:.+@127\.0\.0\.1:21433\/opora$/,
    );
    expect(config.readServiceKeys()?.reveal()).toBe(values['SERVICE_KEYS']);
  });

  it('is never replaced, completed when something is missing, and follows a moved port', async () => {
    const before = read();
    const kept = { ...before, JWT_KEYS: undefined, EXTRA: 'mine', OPORA_INTERNAL_TOKEN: 'old' };
    writeFileSync(
      localEnvironmentFile(home),
      Object.entries(kept)
        .flatMap(([key, value]) => (value === undefined ? [] : [`${key}='${value}'`]))
        .join('\n'),
    );
    expect(await ensure(22_000)).toEqual({ firstStart: false });
    const after = read();
    expect(after).toMatchObject({
      EXTRA: 'mine',
      SERVICE_KEYS: before['SERVICE_KEYS'],
      JWT_KEYS: expect.stringContaining('Ed25519'),
    });
    expect(after).not.toHaveProperty('OPORA_INTERNAL_TOKEN');
    const url = LOCAL_KEYS.databaseUrl;
    expect(after[url]).toBe(before[url]?.replace(':21433/', ':22433/'));
  });

  it('says which folder it cannot use', async () => {
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    const state = { ports: portsFrom(21_000), clock: systemClock, ids: systemIds };
    await expect(ensureLocalState({ home: file, ...state })).rejects.toThrow(HomeUnusable);
  });

  it("keeps the superuser's password", async () => {
    const made = await superuserPassword(home, systemIds);
    expect(await superuserPassword(home, systemIds)).toBe(made);
  });
});
