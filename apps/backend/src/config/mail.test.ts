import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigurationInvalid, loadConfig } from './load.ts';

const load = (more: Record<string, string>) =>
  loadConfig({ OPORA_HOME: '/nonexistent', OPORA_SIMULATORS: 'off', ...more });

function failureOf(more: Record<string, string>): ConfigurationInvalid | undefined {
  try {
    load(more);
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error;
    throw error;
  }
  return undefined;
}

const faultsOf = (more: Record<string, string>): string[] =>
  (failureOf(more)?.faults ?? []).map(({ key }) => key);

const server = { SMTP_URL: 'smtp://user:word@mail.example.com', MAIL_FROM: 'hello@example.com' };
const inbox = { MAIL_TEST_INBOX: 'staging@example.com' };

describe('the settings of mail', () => {
  it('send nothing without a server, and to the simulated mailbox with simulators', () => {
    expect(load({}).mail.smtpUrl).toBeUndefined();
    const simulated = load({ OPORA_SIMULATORS: 'on', OPORA_PORT_BASE: '21000' });
    expect(simulated.mail.smtpUrl?.reveal()).toBe('smtp://127.0.0.1:21160');
    const real = load({ ...server, OPORA_SIMULATORS: 'on' });
    expect(real.mail.smtpUrl?.reveal()).toBe(server.SMTP_URL);
  });

  it('do not let staging write to people', () => {
    const staging = { OPORA_ENV: 'staging', ...server };
    expect(faultsOf(staging)).toEqual(['MAIL_TEST_INBOX']);
    expect(load({ ...staging, ...inbox }).mail.testInbox).toBe('staging@example.com');
    // Without a server there is nothing to redirect.
    expect(faultsOf({ OPORA_ENV: 'staging' })).toEqual([]);
  });

  it('do not let production write to a test inbox instead of people', () => {
    const production = { OPORA_ENV: 'production', ...server };
    expect(faultsOf({ ...production, ...inbox })).toEqual(['MAIL_TEST_INBOX']);
    expect(faultsOf(production)).toEqual([]);
  });

  it('want a sender with a server, and know an address and a key when they see one', () => {
    expect(faultsOf({ SMTP_URL: server.SMTP_URL })).toEqual(['MAIL_FROM']);
    expect(faultsOf({ ...server, SMTP_URL: 'https://mail.example.com' })).toEqual(['SMTP_URL']);
    expect(faultsOf({ ...server, MAIL_FROM: 'a@b.example\nBcc: x' })).toEqual(['MAIL_FROM']);
    const keyOf = (namedCurve: string): string =>
      generateKeyPairSync('ec', { namedCurve })
        .publicKey.export({ format: 'der', type: 'spki' })
        .toString('base64');
    expect(faultsOf({ SENDGRID_WEBHOOK_KEY: keyOf('P-256') })).toEqual([]);
    for (const wrong of ['x', keyOf('P-384')]) {
      expect(faultsOf({ SENDGRID_WEBHOOK_KEY: wrong })).toEqual(['SENDGRID_WEBHOOK_KEY']);
    }
  });

  it('keep the password out of the text of a fault', () => {
    const failure = failureOf({ SMTP_URL: 'imap://user:canary-word@mail.example.com' });
    expect(failure?.message).toContain('SMTP_URL');
    expect(failure?.message).not.toContain('canary-word');
  });
});
