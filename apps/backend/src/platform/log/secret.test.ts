import { format, inspect } from 'node:util';
import { Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { createLog } from './index.ts';

const VALUE = 'live_S3cret';
const secret = new Secret(VALUE);

describe('a secret', () => {
  it('is never seen, however Node prints it', () => {
    const seen = [
      inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
      inspect(secret, { customInspect: false, showHidden: true }),
      format('%s %o %O %j %d', secret, secret, secret, secret, secret),
    ].join('\n');
    expect(seen).not.toContain(VALUE);
    expect(seen).toContain('[redacted]');
  });

  it('is never seen in a line of the log', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', role: 'api', write: (line) => lines.push(line) });
    log.info({ secret, list: [secret], err: new Error('failed', { cause: secret }) }, 'said');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(VALUE);
    expect(lines[0]).toContain('[redacted]');
  });
});
