import { MailUnavailable, type Mailer } from '../../../platform/mail/index.ts';
import { good, PAGES, warning, wrong, type Check } from '../check.ts';

type Settings = Readonly<{ from: string; testInbox: string | undefined }>;

/** The mail server, by greeting it and signing in: nothing is sent. */
export function checkMail(mailer: Mailer | undefined, { from, testInbox }: Settings): Check {
  return {
    name: 'mail',
    async run() {
      if (mailer === undefined) {
        return warning('SMTP_URL is not set: sign-in codes and invitations are not sent', {
          mend: 'the address, user and password of your mail service, as smtp://user:password@host:587',
          page: PAGES.mail,
        });
      }
      try {
        await mailer.greet();
      } catch (error) {
        if (!(error instanceof MailUnavailable)) throw error;
        return wrong(`the mail server does not let us in (${error.message})`, {
          mend: 'SMTP_URL: host and port, then user and password; mail waits and is sent later',
          page: PAGES.mail,
        });
      }
      const whither = testInbox === undefined ? '' : `, and all of it to ${testInbox}`;
      return good(`the server lets us in; mail goes out as ${from}${whither}`);
    },
  };
}
