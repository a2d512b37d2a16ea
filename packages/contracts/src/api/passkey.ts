/** Passkeys on the wire: what a browser is asked and what it answers, in the JSON form of WebAuthn. */
import { z } from 'zod';

const Bytes = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]*$/);

/** What a browser is asked; the rest of it is between the two libraries. */
export const PasskeyQuestion = z.looseObject({ challenge: Bytes(128) });

const credential = { id: Bytes(1_400), rawId: Bytes(1_400), type: z.literal('public-key') };
const extras = {
  authenticatorAttachment: z.enum(['cross-platform', 'platform']).exactOptional(),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()),
};

/** A key proves itself. */
export const PasskeyAnswer = z.object({
  ...credential,
  ...extras,
  response: z.object({
    clientDataJSON: Bytes(4_096),
    authenticatorData: Bytes(4_096),
    signature: Bytes(8_192),
    userHandle: Bytes(128).exactOptional(),
  }),
});

/** A key was made. */
export const NewPasskey = z.object({
  ...credential,
  ...extras,
  response: z.object({
    clientDataJSON: Bytes(4_096),
    attestationObject: Bytes(16_384),
    transports: z.array(z.string().max(32)).max(8).exactOptional(),
  }),
});

export const examplePasskeyAnswer = {
  id: 'AQID',
  rawId: 'AQID',
  type: 'public-key' as const,
  clientExtensionResults: {},
  response: { clientDataJSON: 'e30', authenticatorData: 'AQID', signature: 'AQID' },
};
export const exampleNewPasskey = {
  ...examplePasskeyAnswer,
  response: { clientDataJSON: 'e30', attestationObject: 'AQID' },
};
export const exampleQuestion = { challenge: 'c3VyZWx5LW5vdC1hLXNlY3JldA' };
