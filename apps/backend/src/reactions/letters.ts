/**
 * The letters of signing in, as mail: which template says what. Written in the transaction of the
 * fact, so there is no letter without it; the codes and links stand in the letter alone.
 */
import type { Ids } from '@opora/kernel';
import type { Letters, Notice } from '../modules/identity/index.ts';
import type { Messaging } from '../modules/messaging/index.ts';
import type { Tx } from '../platform/db/index.ts';

type Parts = Readonly<{
  ids: Ids;
  /** Made later than identity, which writes the letters: asked for when there is one. */
  messaging: () => Pick<Messaging, 'mail' | 'tell'>;
  /** Where customers and staff open the site. */
  webUrl: string;
}>;

/** What a security letter says happened: keys of the words. */
const NEWS: Readonly<Record<Notice['kind'], string>> = {
  new_device: 'security.signIn',
  password_changed: 'security.password',
  email_changed: 'security.email',
  telegram_changed: 'security.telegram',
  passkey_changed: 'security.passkey',
  key_created: 'security.key',
  second_factor_changed: 'security.secondStep',
  recovery_code_used: 'security.recoveryCode',
};

export function createLetters({ ids, messaging, webUrl }: Parts): Letters {
  const page = (path: string): { text: string } => ({ text: new URL(path, webUrl).href });
  /** Each is written once, with its fact: the key only has to be its own. */
  const mail = (tx: Tx, wish: Omit<Parameters<Messaging['mail']>[1], 'key'>): Promise<void> =>
    messaging().mail(tx, { ...wish, key: `${wish.template}:${ids.next('msg')}` });

  return {
    sendCode: (tx, { email, code, language, expiresAt }) =>
      mail(tx, {
        ...{ to: email, language, template: 'mail.code' },
        values: { code: { text: code }, until: { date: expiresAt.toISOString() } },
      }),
    sendInvitation: (tx, { email, token, language, inviter, expiresAt }) =>
      mail(tx, {
        ...{ to: email, language, template: 'mail.invite' },
        values: {
          inviter: { text: inviter },
          until: { date: expiresAt.toISOString() },
          // Behind the #, where no server and no log ever sees it.
          link: page(`/admin/invitation#${token}`),
        },
      }),
    sendReset: (tx, { email, token, language, expiresAt }) =>
      mail(tx, {
        ...{ to: email, language, template: 'mail.reset' },
        values: {
          until: { date: expiresAt.toISOString() },
          link: page(`/new-password#${token}`),
        },
      }),
    sendNobody: (tx, { email, language }) =>
      mail(tx, {
        ...{ to: email, language, template: 'mail.nobody' },
        values: { link: page('/sign-in') },
      }),
    sendEmailChanged: (tx, { email, token, language, at, expiresAt }) =>
      mail(tx, {
        ...{ to: email, language, template: 'mail.emailChanged' },
        values: {
          at: { date: at.toISOString() },
          until: { date: expiresAt.toISOString() },
          link: page(`/undo-email#${token}`),
        },
      }),
    notify(tx, { kind, personId, email, language, isStaff, at }) {
      const values = {
        what: { words: NEWS[kind] },
        at: { date: at.toISOString() },
        link: page(isStaff ? '/admin/sign-in' : '/cabinet/account'),
      };
      if (email === undefined) {
        const key = `security:${ids.next('msg')}`;
        return messaging().tell(tx, { key, personId, template: 'security', values });
      }
      return mail(tx, { to: email, language, template: 'mail.security', values });
    },
  };
}
