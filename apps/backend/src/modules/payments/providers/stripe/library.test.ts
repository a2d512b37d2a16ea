/** What the vendor's library may not do behind our back. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../../../platform/http-client/scripted-server.ts';
import { ProviderProtocolError, ProviderUnavailable } from '../../errors.ts';
import { orderOf } from '../conformance.ts';
import { createLibrary } from './library.ts';
import { dollars, KEY, REFERENCE, sessionWith, stage, startsSessions } from './testing/stage.ts';
import { Secret } from '@opora/kernel';

describe("stripe's library", () => {
  const { server, stripe, show } = stage();

  it.each<[string, ScriptedAnswer]>([
    ['a cut connection', 'reset'],
    [
      'an answer that asks for a repeat',
      { status: 503, headers: { 'stripe-should-retry': 'true' } },
    ],
    ['a key in use', { status: 409, body: { error: { type: 'idempotency_error' } } }],
  ])(
    'repeats nothing after %s: only the caller knows whether that is safe',
    async (_name, answer) => {
      server().answer('*', answer);
      const asked = stripe().start(orderOf(dollars(100n)));
      await expect(asked).rejects.toBeInstanceOf(ProviderUnavailable);
      expect(server().requests).toHaveLength(1);
    },
  );

  it('tells the vendor what the call needs and nothing of the machine', async () => {
    startsSessions(server());
    await stripe().start(orderOf(dollars(100n)));
    const { headers } = server().requests[0] ?? {};
    expect(Object.keys(headers ?? {}).toSorted()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'idempotency-key',
      'stripe-version',
      'user-agent',
    ]);
    expect(headers?.['user-agent']).toBe('opora');
  });

  it('makes no good answer of one that is an error by its status or its body', async () => {
    for (const answer of [
      { status: 418, body: sessionWith({}) },
      { status: 200, body: { error: { type: 'api_error' } } },
    ]) {
      server().answer('*', answer);
      await expect(stripe().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  it('that cannot read an answer has none', async () => {
    show(sessionWith({ currency_conversion: { fx_rate: 'a word' } }));
    await expect(stripe().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('is loaded by the first call or notice, never with the folder', () => {
    const folder = import.meta.dirname;
    const sources = readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name));
    const loads = /^import (?!type)[^;]*'(?:stripe|\.\/(?:library|signature)\.ts)'/m;
    const those = sources.filter((name) => loads.test(readFileSync(join(folder, name), 'utf8')));
    expect(those).toEqual(['library.ts', 'signature.ts']);
  });

  it('keeps no key where it could be seen', () => {
    const library = createLibrary(new Secret(KEY), () => Promise.reject(new Error('not asked')));
    const seen: unknown[] = [];
    const look = (value: unknown, depth: number): void => {
      if (typeof value === 'string') seen.push(value);
      if (depth === 0 || typeof value !== 'object' || value === null) return;
      for (const name of Reflect.ownKeys(value)) look(Reflect.get(value, name), depth - 1);
    };
    look(library, 3);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.join(' ')).not.toContain(KEY);
  });
});
