import { generateKeyPairSync } from 'node:crypto';
import { createManualClock, Secret } from '@opora/kernel';
import { expect, it } from 'vitest';
import { systemIds as ids } from '../../../platform/ids/index.ts';
import { createMint, type Caller } from './callers.ts';

const caller: Caller = {
  ...{ personId: 'per_1', sessionId: 'ses_1', role: 'customer', revocation: 'cut', isKnown: true },
};

it('a token is of before the drill, however late it is shown: a cut made since is about it', async () => {
  const clock = createManualClock();
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const jwtKeys = new Secret(JSON.stringify([{ kid: 'now', ...jwk }]));
  const mint = createMint({ jwtKeys }, { clock, ids }, false);
  const begunS = clock.now().getTime() / 1000;
  await clock.advance(5 * 60_000);
  const [, claims = ''] = mint(caller, 'valid').split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iat: Math.floor(begunS) - 60,
  });
});
