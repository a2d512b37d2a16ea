import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

const VALUE = 'live_S3cret';

describe('a secret', () => {
  it('is never seen, however it becomes text', () => {
    const secret = new Secret(VALUE);
    const seen = [
      String(secret),
      JSON.stringify({ secret, list: [secret] }),
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
