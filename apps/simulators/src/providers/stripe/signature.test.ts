import { describe, expect, it } from 'vitest';
import vectors from './fixtures/signature-vectors.json' with { type: 'json' };
import { signatureHeader } from './signature.ts';

const SECRET = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const bodyOf = (id: string): string => {
  const vector = vectors.find((each) => each.id === id);
  return Buffer.from(vector?.body_base64 ?? '', 'base64').toString('utf8');
};

describe('the signature', () => {
  it.each([
    ['stripe-1', 1763680000],
    ['stripe-2', 1763680100],
  ])('is that of vector %s', (id, time) => {
    const header = signatureHeader(bodyOf(id), [SECRET], new Date(time * 1_000));
    const expected = vectors.find((each) => each.id === id)?.expected_signature_hex ?? 'none';
    expect(header.split(',').slice(0, 2)).toEqual([`t=${String(time)}`, `v1=${expected}`]);
  });

  it('holds a v1 for each of two secrets and a v0 that proves nothing', () => {
    const header = signatureHeader('{}', ['whsec_new', SECRET], new Date(0));
    const schemes = header.split(',').map((part) => part.split('=')[0]);
    expect(schemes).toEqual(['t', 'v1', 'v1', 'v0']);
    expect(new Set(header.split(',')).size).toBe(4);
  });
});
