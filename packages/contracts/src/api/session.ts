/** Signing in and out. Tokens travel in cookies only, never in these answers. */
import { z } from 'zod';
import { STAFF_PERMISSIONS, STAFF_ROLES, type StaffPermission } from '../staff.ts';
import {
  examplePasskeyAnswer,
  exampleQuestion,
  PasskeyAnswer,
  PasskeyQuestion,
} from './passkey.ts';
import { exampleAt, exampleIds, Id, Instant } from './shapes.ts';
import { endpoint } from './endpoint.ts';

export const PASSWORD_MIN = 8;
/** Where nothing else is asked for. */
export const CUSTOMER_PASSWORD_MIN = 15;
export const PASSWORD_MAX = 256;

export const Email = z.email().max(254);
/** Judged by the service (length by code points, breached lists): only bounded here. */
export const Password = z.string().min(1).max(1024);
export const Code = z.string().regex(/^\d{6}$/);
/** A recovery code is taken wherever a second factor is. */
const Factor = z.string().min(6).max(64);
export const OneTimeSecret = z.string().regex(/^[A-Za-z0-9_-]{20,128}$/);

/**
 * Telegram's word: the raw text a Mini App was opened with, all fields the login widget came back with,
 * as texts, or the code that OpenID Connect came back with; that one needs the cookie of the browser
 * that asked for it.
 */
export const TelegramWord = z.union([
  z.strictObject({ initData: z.string().min(1).max(4096) }),
  z.strictObject({
    fields: z
      .record(z.string().regex(/^[a-z_]{1,32}$/), z.string().max(1024))
      .refine((fields) => Object.keys(fields).length <= 16, 'too many fields'),
  }),
  z.strictObject({
    code: z.string().min(1).max(2048),
    state: OneTimeSecret,
    iss: z.string().max(256).optional(),
  }),
]);

export type TelegramWordWire = z.infer<typeof TelegramWord>;

const permissions = Object.keys(STAFF_PERMISSIONS) as [StaffPermission, ...StaffPermission[]]; // its own keys

/** Who is signed in, and what the pages need to know about it. */
export const SessionWire = z.object({
  personId: Id,
  name: z.string().max(128),
  language: z.enum(['ru', 'en']),
  email: Email.nullable(),
  /** The access token's end: `POST /auth/refresh` before it. */
  expiresAt: Instant,
  /** Sent back as `X-CSRF-Token` with every unsafe call. */
  csrfToken: z.string().max(128),
  /** Null for customers. */
  staff: z
    .object({
      role: z.enum(STAFF_ROLES),
      permissions: z.array(z.enum(permissions)),
      /** Until when acts that move money or rights need no new second factor; null: they do. */
      steppedUpUntil: Instant.nullable(),
    })
    .nullable(),
});
export type SessionWire = z.infer<typeof SessionWire>;

/** What comes next; cookies are set only with `signed_in`. */
export const SignInStep = z.discriminatedUnion('next', [
  z.object({ next: z.literal('signed_in'), session: SessionWire }),
  z.object({
    next: z.literal('second_factor'),
    challenge: OneTimeSecret,
    /** A passkey may stand in for the authenticator. */
    hasPasskey: z.boolean(),
  }),
  z.object({
    next: z.literal('enrol'),
    challenge: OneTimeSecret,
    totp: z.object({ secret: z.string().max(64), uri: z.string().max(512) }),
  }),
]);
export type SignInStep = z.infer<typeof SignInStep>;

const exampleSession: SessionWire = {
  personId: exampleIds.staff,
  name: 'Operator',
  language: 'en',
  email: 'owner@example.com',
  expiresAt: exampleAt,
  csrfToken: 'q0Zq7mS0r2vJ3tYc1n5bXw',
  staff: { role: 'owner', permissions: ['people:read'], steppedUpUntil: null },
};
const exampleSecret = 'c3VyZWx5LW5vdC1hLXNlY3JldA';
const exampleTotp = {
  secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  uri: 'otpauth://totp/Opora:owner%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Opora',
};

export const session = {
  read: endpoint({
    method: 'GET',
    path: '/auth/session',
    permission: 'session',
    about: 'Who is signed in, with which rights.',
    answer: SessionWire,
    example: { answer: exampleSession },
  }),
  refresh: endpoint({
    method: 'POST',
    path: '/auth/refresh',
    permission: 'public',
    about: 'Exchanges the refresh cookie for new cookies; the old one is used up.',
    answer: SessionWire,
    example: { answer: exampleSession },
  }),
  leave: endpoint({
    method: 'POST',
    path: '/auth/leave',
    permission: 'public',
    about: 'Ends the session of this browser.',
    answer: z.object({ left: z.literal(true) }),
    example: { answer: { left: true } },
  }),
  enter: endpoint({
    method: 'POST',
    path: '/auth/enter',
    permission: 'public',
    about: 'Signs in by the one-time link of the bot; never opens staff rights.',
    body: z.strictObject({ link: OneTimeSecret }),
    answer: SignInStep,
    example: {
      body: { link: exampleSecret },
      answer: { next: 'signed_in', session: { ...exampleSession, staff: null } },
    },
  }),
  sendCode: endpoint({
    method: 'POST',
    path: '/auth/code',
    permission: 'public',
    about: 'Sends a sign-in code to an address; the answer is the same for unknown ones.',
    body: z.strictObject({ email: Email, language: z.enum(['ru', 'en']) }),
    answer: z.object({ challenge: OneTimeSecret }),
    status: 202,
    example: {
      body: { email: 'olga@example.com', language: 'ru' },
      answer: { challenge: exampleSecret },
    },
  }),
  enterCode: endpoint({
    method: 'POST',
    path: '/auth/code/enter',
    permission: 'public',
    about: 'Signs in a customer by the code from the mail.',
    body: z.strictObject({ challenge: OneTimeSecret, code: Code }),
    answer: SignInStep,
    example: {
      body: { challenge: exampleSecret, code: '402113' },
      answer: { next: 'signed_in', session: { ...exampleSession, staff: null } },
    },
  }),
  password: endpoint({
    method: 'POST',
    path: '/auth/password',
    permission: 'public',
    about: 'E-mail and password. For staff a second factor always follows.',
    body: z.strictObject({ email: Email, password: Password }),
    answer: SignInStep,
    example: {
      body: { email: 'owner@example.com', password: 'correct horse battery staple' },
      answer: { next: 'second_factor', challenge: exampleSecret, hasPasskey: false },
    },
  }),
  secondFactor: endpoint({
    method: 'POST',
    path: '/auth/second-factor',
    permission: 'public',
    about: 'Second step: six digits of the authenticator, or a recovery code.',
    body: z.strictObject({ challenge: OneTimeSecret, code: Factor }),
    answer: SignInStep,
    example: {
      body: { challenge: exampleSecret, code: '287082' },
      answer: { next: 'signed_in', session: exampleSession },
    },
  }),
  offered: endpoint({
    method: 'GET',
    path: '/auth/offered',
    permission: 'public',
    about:
      'How a browser signs in by Telegram: at `telegramUrl`, to which `return_to` is added, or by asking for an address first (`telegramOidc`).',
    answer: z.object({ telegramUrl: z.url().max(512).nullable(), telegramOidc: z.boolean() }),
    example: { answer: { telegramUrl: null, telegramOidc: true } },
  }),
  askTelegram: endpoint({
    method: 'POST',
    path: '/auth/telegram/ask',
    permission: 'public',
    about:
      'Begins a sign-in by Telegram, or a proof for the own account: where this browser goes. It comes back to the page named by `place` with a code.',
    body: z.strictObject({ place: z.enum(['sign-in', 'account']) }),
    answer: z.object({ url: z.url().max(2048) }),
    example: {
      body: { place: 'sign-in' },
      answer: { url: 'https://oauth.telegram.org/auth?client_id=42&state=c3VyZWx5' },
    },
  }),
  telegram: endpoint({
    method: 'POST',
    path: '/auth/telegram',
    permission: 'public',
    about: 'Signs in a customer by the word of Telegram, the same person as in the bot.',
    body: TelegramWord,
    answer: SignInStep,
    example: {
      body: { initData: 'auth_date=1767225600&user=%7B%22id%22%3A42%7D&hash=7d13b8c95e46' },
      answer: { next: 'signed_in', session: { ...exampleSession, staff: null } },
    },
  }),
  register: endpoint({
    method: 'POST',
    path: '/auth/register',
    permission: 'public',
    about: 'Begins an account: a code goes to the address, and nothing exists until it comes back.',
    body: z.strictObject({ email: Email, password: Password, language: z.enum(['ru', 'en']) }),
    answer: z.object({ challenge: OneTimeSecret }),
    status: 202,
    example: {
      body: { email: 'olga@example.com', password: 'nine calm herons at dusk', language: 'en' },
      answer: { challenge: exampleSecret },
    },
  }),
  confirmRegistration: endpoint({
    method: 'POST',
    path: '/auth/register/confirm',
    permission: 'public',
    about: 'Makes the account with the code from the mail, and signs in.',
    body: z.strictObject({ challenge: OneTimeSecret, code: Code }),
    answer: SignInStep,
    example: {
      body: { challenge: exampleSecret, code: '402113' },
      answer: { next: 'signed_in', session: { ...exampleSession, staff: null } },
    },
  }),
  askReset: endpoint({
    method: 'POST',
    path: '/auth/reset',
    permission: 'public',
    about: 'Mails a link to set a new password; the answer is the same for unknown addresses.',
    body: z.strictObject({ email: Email, language: z.enum(['ru', 'en']) }),
    answer: z.object({ sent: z.literal(true) }),
    status: 202,
    example: { body: { email: 'olga@example.com', language: 'en' }, answer: { sent: true } },
  }),
  reset: endpoint({
    method: 'POST',
    path: '/auth/reset/confirm',
    permission: 'public',
    about: 'Sets the password by the link of the mail; ends all sessions, signs nobody in.',
    body: z.strictObject({ token: OneTimeSecret, password: Password }),
    answer: z.object({ done: z.literal(true) }),
    example: {
      body: { token: exampleSecret, password: 'nine calm herons at dusk' },
      answer: { done: true },
    },
  }),
  askPasskey: endpoint({
    method: 'POST',
    path: '/auth/passkey/ask',
    permission: 'public',
    about: 'What a browser is asked to sign in with a passkey; any key of this site will do.',
    answer: PasskeyQuestion,
    example: { answer: exampleQuestion },
  }),
  passkey: endpoint({
    method: 'POST',
    path: '/auth/passkey',
    permission: 'public',
    about: 'Signs in a customer by a passkey; never opens staff rights.',
    body: PasskeyAnswer,
    answer: SignInStep,
    example: {
      body: examplePasskeyAnswer,
      answer: { next: 'signed_in', session: { ...exampleSession, staff: null } },
    },
  }),
  askPasskeyFactor: endpoint({
    method: 'POST',
    path: '/auth/second-factor/passkey/ask',
    permission: 'public',
    about: 'What a browser is asked for the second step of staff, by one of their own keys.',
    body: z.strictObject({ challenge: OneTimeSecret }),
    answer: PasskeyQuestion,
    example: { body: { challenge: exampleSecret }, answer: exampleQuestion },
  }),
  passkeyFactor: endpoint({
    method: 'POST',
    path: '/auth/second-factor/passkey',
    permission: 'public',
    about: 'Second step: a passkey instead of the authenticator.',
    body: z.strictObject({ challenge: OneTimeSecret, answer: PasskeyAnswer }),
    answer: SignInStep,
    example: {
      body: { challenge: exampleSecret, answer: examplePasskeyAnswer },
      answer: { next: 'signed_in', session: exampleSession },
    },
  }),
  undoEmail: endpoint({
    method: 'POST',
    path: '/auth/email/undo',
    permission: 'public',
    about: 'Takes a change of the address back, by the link that its former mailbox was sent.',
    body: z.strictObject({ token: OneTimeSecret }),
    answer: z.object({ done: z.literal(true) }),
    example: { body: { token: exampleSecret }, answer: { done: true } },
  }),
  firstOwner: endpoint({
    method: 'POST',
    path: '/auth/first-owner',
    permission: 'public',
    about: 'The owner sets e-mail and password with the code that the first start printed.',
    body: z.strictObject({ code: z.string().min(8).max(64), email: Email, password: Password }),
    answer: SignInStep,
    example: {
      body: {
        code: 'K7QF-3M2X-9RTD-W4HB',
        email: 'owner@example.com',
        password: 'correct horse battery staple',
      },
      answer: { next: 'enrol', challenge: exampleSecret, totp: exampleTotp },
    },
  }),
  readInvitation: endpoint({
    method: 'POST',
    path: '/auth/invitation',
    permission: 'public',
    about: 'What an invitation is for, before it is accepted.',
    body: z.strictObject({ token: OneTimeSecret }),
    answer: z.object({ email: Email, role: z.enum(STAFF_ROLES), expiresAt: Instant }),
    example: {
      body: { token: exampleSecret },
      answer: { email: 'helper@example.com', role: 'support', expiresAt: exampleAt },
    },
  }),
  acceptInvitation: endpoint({
    method: 'POST',
    path: '/auth/invitation/accept',
    permission: 'public',
    about: 'Staff sets name and password; the authenticator follows.',
    body: z.strictObject({
      token: OneTimeSecret,
      name: z.string().min(1).max(64),
      password: Password,
    }),
    answer: SignInStep,
    example: {
      body: { token: exampleSecret, name: 'Helper', password: 'correct horse battery staple' },
      answer: { next: 'enrol', challenge: exampleSecret, totp: exampleTotp },
    },
  }),
  enrol: endpoint({
    method: 'POST',
    path: '/auth/enrol',
    permission: 'public',
    about: 'Confirms the authenticator; the recovery codes are shown this once.',
    body: z.strictObject({ challenge: OneTimeSecret, code: Code }),
    answer: z.object({
      session: SessionWire,
      recoveryCodes: z.array(z.string().max(64)).max(10),
    }),
    example: {
      body: { challenge: exampleSecret, code: '287082' },
      answer: { session: exampleSession, recoveryCodes: ['7b3q-k2mf-91xd-w4hb-3m2x'] },
    },
  }),
  stepUp: endpoint({
    method: 'POST',
    path: '/auth/step-up',
    permission: 'session',
    about: 'A fresh second factor for acts that move money or rights; lasts five minutes.',
    body: z.strictObject({ code: Factor }),
    answer: SessionWire,
    example: { body: { code: '287082' }, answer: exampleSession },
  }),
} as const;
