import {
  anyBody,
  anyJson,
  beginCounting,
  countWork,
  fuzzed,
  mutatedJson,
  oddJsonText,
} from '@opora/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NESTING_MAX, parseExactJson, parseJson } from './index.ts';

beginCounting();

const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}${']}'.repeat(depth / 2)}`;

describe('JSON from outside', () => {
  it('is what was written', () => {
    const property = fc.property(anyJson, (value) => {
      const text = JSON.stringify(value);
      if (!/\\u(?:0000|d)/i.test(text)) expect(parseJson(text)).toEqual(JSON.parse(text));
    });
    fc.assert(property, fuzzed(300));
  });

  it('keeps long integers exact when asked, and leaves everything else alone', () => {
    expect(parseExactJson('{"a":9007199254740993,"b":1.5,"c":"9007199254740993"}')).toEqual({
      a: 9007199254740993n,
      b: 1.5,
      c: '9007199254740993',
    });
  });

  it('holds nothing that the database does not take, and makes no two texts one', () => {
    const said = '{"a":"pay_1\\u0000","b":"\\ud800x","\\u0000":1,"c":"\\ud83d\\ude80"}';
    const read = { a: 'pay_1\ufffd', b: '\ufffdx', c: '🚀' };
    expect([parseJson(said), parseExactJson(said)]).toEqual([read, read]);
  });

  it('is undefined when it is none, or nests absurdly deep', () => {
    expect([parseJson('{'), parseExactJson('')]).toEqual([undefined, undefined]);
    for (const depth of [NESTING_MAX + 2, 200_000]) {
      expect([parseJson(nested(depth)), parseExactJson(nested(depth))]).toEqual([
        undefined,
        undefined,
      ]);
    }
    expect(parseJson(nested(NESTING_MAX))).toBeDefined();
    expect(parseJson(`"${'['.repeat(1_000)}\\"${'{'.repeat(1_000)}"`)).toBeDefined();
  });

  it('never throws, and can always be written down again', () => {
    const text = fc.oneof(
      oddJsonText,
      anyBody.map((bytes) => bytes.toString('latin1')),
      mutatedJson({ a: [1, { b: '\0' }], c: 'pay_1' }),
    );
    const property = fc.property(text, (one) => {
      const written = JSON.stringify(parseJson(one)) as string | undefined; // undefined: no JSON
      expect(written ?? '').not.toMatch(/\\u0000|\\ud[89a-f]/);
      parseExactJson(one);
    });
    fc.assert(property, fuzzed(300));
  });

  it('costs in step with its size', async () => {
    const work = (count: number) => countWork(() => parseJson(`[${'"\\u0000",'.repeat(count)}1]`));
    await work(1_000);
    expect(await work(8_000)).toBeLessThan((await work(4_000)) * 2.3);
  });
});
