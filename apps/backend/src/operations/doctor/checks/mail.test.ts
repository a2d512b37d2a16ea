import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMailer, type Mailer } from '../../../platform/mail/index.ts';
import {
  startScriptedSmtp,
  type ScriptedSmtp,
} from '../../../platform/mail/testing/scripted-smtp.ts';
import { checkMail } from './mail.ts';

const SETTINGS = { from: 'hello@shop.example', testInbox: undefined };
const opened: Mailer[] = [];
let server: ScriptedSmtp;

beforeAll(async () => {
  server = await startScriptedSmtp();
});
afterAll(async () => {
  for (const mailer of opened) mailer.close();
  await server.close();
});

function mailerTo(url: string): Mailer {
  const mailer = createMailer({
    ...SETTINGS,
    url: new Secret(url),
    clock: createManualClock(),
    breaker: { run: (call) => call() },
  });
  opened.push(mailer);
  return mailer;
}

it('is good when the server lets us in, and nothing was sent', async () => {
  const found = await checkMail(mailerTo(server.url), SETTINGS).run();
  expect(found.says).toBe('the server lets us in; mail goes out as hello@shop.example');
  expect(found.state).toBe('good');
  expect(server.mails).toEqual([]);
});

it('says where all mail goes when there is a test inbox', async () => {
  const settings = { ...SETTINGS, testInbox: 'test@shop.example' };
  const found = await checkMail(mailerTo(server.url), settings).run();
  expect(found.says).toContain('all of it to test@shop.example');
});

it('is wrong when nobody listens there, and tells no password', async () => {
  const found = await checkMail(
    mailerTo('smtp://user:canary-password@127.0.0.1:9'),
    SETTINGS,
  ).run();
  expect(found.state).toBe('wrong');
  expect(found.mend).toContain('SMTP_URL');
  expect(JSON.stringify(found)).not.toContain('canary-password');
});

it('is a warning when no server is set', async () => {
  const found = await checkMail(undefined, SETTINGS).run();
  expect(found).toMatchObject({ state: 'warning' });
  expect(found.says).toContain('SMTP_URL');
});
