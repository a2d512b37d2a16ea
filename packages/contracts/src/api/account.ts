/** A person's own ways in: what they are, and how they change. Changes ask for a proof of late. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  exampleNewPasskey,
  exampleQuestion,
  NewPasskey,
  PasskeyAnswer,
  PasskeyQuestion,
} from './passkey.ts';
import { Code, Email, OneTimeSecret, Password, TelegramWord } from './session.ts';
import { KEY_SCOPES } from '../staff.ts';
import { exampleAt, exampleIds, Id, Instant } from './shapes.ts';

/** Of one person. */
export const PASSKEYS_MAX = 10;
/** API keys of one person, and for how long one may live. */
export const KEYS_MAX = 10;
export const KEY_DAYS_MAX = 365;
/** Networks one key may be bound to. */
export const KEY_NETWORKS_MAX = 16;
const PasskeyId = z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/);

export const WaysWire = z.object({
  email: Email.nullable(),
  telegram: z.object({ username: z.string().max(64).nullable() }).nullable(),
  hasPassword: z.boolean(),
  passkeys: z
    .array(
      z.object({
        id: PasskeyId,
        name: z.string().max(64),
        createdAt: Instant,
        usedAt: Instant.nullable(),
      }),
    )
    .max(PASSKEYS_MAX),
  /** Proves with the second factor (`POST /auth/step-up`). */
  isStaff: z.boolean(),
  /** Until when changes need no new proof; null: they do. */
  freshUntil: Instant.nullable(),
});
export type WaysWire = z.infer<typeof WaysWire>;

const Scopes = z.array(z.enum(KEY_SCOPES)).max(KEY_SCOPES.length);
/** Addresses and networks (`192.0.2.1`, `192.0.2.0/24`, v4 or v6); empty: any address. */
export const KeyNetworks = z
  .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
  .max(KEY_NETWORKS_MAX);
export const KeyWire = z.object({
  id: Id,
  /** The part of the key that may be shown. */
  prefix: z.string().max(32),
  name: z.string().max(64),
  scopes: Scopes,
  /** Where it may be used from. */
  networks: KeyNetworks,
  createdAt: Instant,
  expiresAt: Instant,
  /** To the minute; null: never. */
  usedAt: Instant.nullable(),
});
export type KeyWire = z.infer<typeof KeyWire>;
export const KeysWire = z.object({
  keys: z.array(KeyWire).max(KEYS_MAX),
  /** What a new key could be made for; empty: this person may make none. */
  scopes: Scopes,
});
export type KeysWire = z.infer<typeof KeysWire>;

const Done = z.object({ done: z.literal(true) });
const done = { answer: { done: true as const } };
const exampleSecret = 'c3VyZWx5LW5vdC1hLXNlY3JldA';
const exampleAccount = {
  email: 'olga@example.com',
  telegram: { username: 'olga' },
  ...{ hasPassword: true, isStaff: false, freshUntil: exampleAt },
  passkeys: [{ id: 'AQID', name: 'Phone', createdAt: exampleAt, usedAt: null }],
};
const exampleKey: z.infer<typeof KeyWire> = {
  ...{ id: exampleIds.key, prefix: 'opk_live_k3Xr9TbQ', name: 'Figures for the bookkeeper' },
  networks: ['192.0.2.0/24'],
  ...{ scopes: ['payments:read'], createdAt: exampleAt, expiresAt: exampleAt, usedAt: null },
};
const answered = z.strictObject({ challenge: OneTimeSecret, code: Code });
const exampleAnswer = { challenge: exampleSecret, code: '402113' };

export const account = {
  read: endpoint({
    method: 'GET',
    path: '/auth/account',
    permission: 'session',
    about: 'The own ways in.',
    answer: WaysWire,
    example: { answer: exampleAccount },
  }),
  sendProofCode: endpoint({
    method: 'POST',
    path: '/auth/account/proof/code',
    permission: 'session',
    about: 'A code to the own mailbox, for a proof.',
    answer: z.object({ challenge: OneTimeSecret }),
    status: 202,
    example: { answer: { challenge: exampleSecret } },
  }),
  askProofPasskey: endpoint({
    method: 'POST',
    path: '/auth/account/proof/passkey/ask',
    permission: 'session',
    about: 'What a browser is asked to prove with one of the own passkeys.',
    answer: PasskeyQuestion,
    example: { answer: exampleQuestion },
  }),
  prove: endpoint({
    method: 'POST',
    path: '/auth/account/proof',
    permission: 'session',
    about: 'Proves once more who is at the keyboard; changes are possible for five minutes.',
    body: z.union([
      z.strictObject({ password: Password }),
      z.strictObject({ answer: answered }),
      z.strictObject({ word: TelegramWord }),
      z.strictObject({ passkey: PasskeyAnswer }),
    ]),
    answer: WaysWire,
    example: { body: { answer: exampleAnswer }, answer: exampleAccount },
  }),
  setPassword: endpoint({
    method: 'PUT',
    path: '/auth/account/password',
    permission: 'session',
    about: 'Sets or changes the password; ends the other sessions.',
    body: z.strictObject({ password: Password }),
    answer: Done,
    example: { body: { password: 'nine calm herons at dusk' }, ...done },
  }),
  removePassword: endpoint({
    method: 'DELETE',
    path: '/auth/account/password',
    permission: 'session',
    about: 'Takes the password away; codes by mail stay.',
    answer: Done,
    example: done,
  }),
  askEmail: endpoint({
    method: 'POST',
    path: '/auth/account/email',
    permission: 'session',
    about: 'A code to a new address, for adding or changing it.',
    body: z.strictObject({ email: Email }),
    answer: z.object({ challenge: OneTimeSecret }),
    status: 202,
    example: { body: { email: 'olga@example.com' }, answer: { challenge: exampleSecret } },
  }),
  confirmEmail: endpoint({
    method: 'PUT',
    path: '/auth/account/email',
    permission: 'session',
    about: 'The new address counts; its former one may take that back for 72 hours.',
    body: answered,
    answer: Done,
    example: { body: exampleAnswer, ...done },
  }),
  removeEmail: endpoint({
    method: 'DELETE',
    path: '/auth/account/email',
    permission: 'session',
    about: 'Takes address and password away; refused when it is the last way in.',
    answer: Done,
    example: done,
  }),
  connectTelegram: endpoint({
    method: 'PUT',
    path: '/auth/account/telegram',
    permission: 'session',
    about: 'Connects Telegram; refused when that Telegram has an account of its own.',
    body: TelegramWord,
    answer: Done,
    example: { body: { fields: { id: '42', auth_date: '1767225600', hash: '24' } }, ...done },
  }),
  disconnectTelegram: endpoint({
    method: 'DELETE',
    path: '/auth/account/telegram',
    permission: 'session',
    about: 'Disconnects Telegram; refused when it is the last way in.',
    answer: Done,
    example: done,
  }),
  askNewPasskey: endpoint({
    method: 'POST',
    path: '/auth/account/passkeys/ask',
    permission: 'session',
    about: 'What a browser is asked to make a passkey.',
    answer: PasskeyQuestion,
    example: { answer: exampleQuestion },
  }),
  addPasskey: endpoint({
    method: 'POST',
    path: '/auth/account/passkeys',
    permission: 'session',
    about: 'Adds a passkey; ends the other sessions.',
    body: z.strictObject({ name: z.string().min(1).max(64), answer: NewPasskey }),
    answer: Done,
    example: { body: { name: 'Phone', answer: exampleNewPasskey }, ...done },
  }),
  removePasskey: endpoint({
    method: 'DELETE',
    path: '/auth/account/passkeys/{passkeyId}',
    permission: 'session',
    about: 'Takes a passkey away; refused when it is the last way in.',
    params: z.strictObject({ passkeyId: PasskeyId }),
    answer: Done,
    example: { params: { passkeyId: 'AQID' }, ...done },
  }),
  keys: endpoint({
    method: 'GET',
    path: '/auth/account/keys',
    permission: 'session',
    about: 'The own API keys, and what a new one could be made for.',
    answer: KeysWire,
    example: { answer: { keys: [exampleKey], scopes: ['payments:read', 'orders:read'] } },
  }),
  addKey: endpoint({
    method: 'POST',
    path: '/auth/account/keys',
    permission: 'session',
    about: 'Makes an API key; it is shown this once.',
    body: z.strictObject({
      name: z.string().trim().min(1).max(64),
      scopes: Scopes.min(1),
      networks: KeyNetworks.default([]),
      days: z.int().min(1).max(KEY_DAYS_MAX),
    }),
    answer: z.object({ key: z.string().max(128), made: KeyWire }),
    status: 201,
    example: {
      body: {
        ...{ name: exampleKey.name, scopes: ['payments:read'], days: 90 },
        networks: ['192.0.2.0/24'],
      },
      answer: { key: `${exampleKey.prefix}_...`, made: exampleKey },
    },
  }),
  restrictKey: endpoint({
    method: 'PUT',
    path: '/auth/account/keys/{keyId}/networks',
    permission: 'session',
    about: 'Says where an API key may be used from, from now on; an empty list: anywhere.',
    params: z.strictObject({ keyId: Id }),
    body: z.strictObject({ networks: KeyNetworks }),
    answer: Done,
    example: { params: { keyId: exampleIds.key }, body: { networks: ['192.0.2.0/24'] }, ...done },
  }),
  removeKey: endpoint({
    method: 'DELETE',
    path: '/auth/account/keys/{keyId}',
    permission: 'session',
    about: 'Ends an API key within a second.',
    params: z.strictObject({ keyId: Id }),
    answer: Done,
    example: { params: { keyId: exampleIds.key }, ...done },
  }),
} as const;
