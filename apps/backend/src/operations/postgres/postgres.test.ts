import { mkdtempSync, chmodSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './keep.ts';
import { explainRefusal } from './refused.ts';
import { canEnter, invoke, otherUser } from './unprivileged.ts';

describe('what PostgreSQL says at a failed start', () => {
  const place = { folder: '/state/postgres', port: 5433 };

  it.each([
    ['FATAL: could not write: No space left on device', /\/state\/postgres is full/],
    ['could not bind IPv4 address: Address already in use', /port 5433 .*OPORA_PORT_BASE/],
    ['could not open file: Permission denied', /may not read and write .*OPORA_HOME/],
    ['FATAL:  database files are incompatible with server', /another version of PostgreSQL/],
  ])('%s becomes one line with a way out', (line, meaning) => {
    const { message } = explainRefusal(['LOG: starting', line], place);
    expect(message).toMatch(meaning);
    expect(message).not.toContain('\n');
  });

  it('passes on the fatal line it does not know', () => {
    const lines = ['LOG: a', 'FATAL: strange', 'LOG: shut down'];
    expect(explainRefusal(lines, place).message).toBe('PostgreSQL did not start: FATAL: strange');
  });
});

describe('the user that runs PostgreSQL', () => {
  it('is postgres before nobody, and never root', () => {
    const nobody = 'nobody:x:65534:65534:nobody:/:/bin/false';
    expect(otherUser(`root:x:0:0::/:/bin/sh\n${nobody}`)).toMatchObject({ name: 'nobody' });
    expect(otherUser(`${nobody}\npostgres:x:105:107::/:/bin/sh`)).toMatchObject({ uid: 105 });
    expect(otherUser('postgres:x:0:0::/:/bin/sh')).toBeUndefined();
  });

  it('gets its identity by a namespace or by uid, or stays as it is', () => {
    expect(invoke({ kind: 'namespace' }, 'postgres', ['-D']).args.slice(-2)).toEqual([
      'postgres',
      '-D',
    ]);
    const other = { kind: 'other', name: 'nobody', uid: 9, gid: 8 } as const;
    expect(invoke(other, 'postgres', []).identity).toEqual({ uid: 9, gid: 8 });
    expect(invoke({ kind: 'self' }, 'postgres', []).identity).toBeUndefined();
  });

  it('cannot enter a folder below one that is closed to others', () => {
    const top = mkdtempSync(join(tmpdir(), 'opora-enter-'));
    const inner = join(top, 'inner');
    mkdirSync(inner, { mode: 0o755 });
    const stranger = { uid: 4_000_001, gid: 4_000_001 };
    chmodSync(top, 0o755);
    expect(canEnter(inner, stranger)).toBe(true);
    chmodSync(top, 0o700);
    expect(canEnter(inner, stranger)).toBe(false);
    rmSync(top, { recursive: true });
  });
});

describe('the wait before another start', () => {
  it('is none at first and then grows to ten seconds', () => {
    expect([0, 1, 2, 3, 20].map((failures) => backoffMs(failures, 1))).toEqual([
      0, 100, 200, 400, 10_000,
    ]);
    expect(backoffMs(1, 0)).toBe(50);
  });
});
