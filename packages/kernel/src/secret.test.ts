import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

const VALUE = 'live_S3cret';

describe('a secret', () => {
  it('is never seen, however it is printed', () => {
    const secret = new Secret(VALUE);
    const seen = [
      String(secret),
      JSON.stringify({ secret, list: [secret] }),
      inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
      inspect(secret, { customInspect: false, showHidden: true }),
      format('%s %o %O %j %d', secret, secret, secret, secret, secret),
      JSON.stringify(Object.entries(secret)),
      new Error('failed', { cause: secret }).message,
    ].join('\n');
    expect(seen).not.toContain(VALUE);
    expect(seen).toContain('[redacted]');
  });

  it('is given to the one who asks for it by name', () => {
    expect(new Secret(VALUE).reveal()).toBe(VALUE);
  });
});
