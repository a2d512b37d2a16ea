/** Mail as the composition opens it: the server, its breaker, and what is due when it closes. */
import type { Guard } from './compose-breakers.ts';
import type { Platform } from './compose-parts.ts';
import type { Database } from './platform/db/index.ts';
import type { Jobs } from './platform/jobs/index.ts';
import { createMailer, MailUnavailable, type Mailer } from './platform/mail/index.ts';

/** Undefined when no server is configured. */
export function openMailer(
  { config, clock, log, lifecycle }: Platform,
  { db, jobs, guard }: { db: Database; jobs: Jobs; guard: Guard },
): Mailer | undefined {
  const { smtpUrl, from, testInbox } = config.mail;
  if (smtpUrl === undefined) {
    log.warn('no SMTP_URL: no mail is sent');
    return undefined;
  }
  if (testInbox !== undefined) log.warn({ testInbox }, 'every mail goes to the test inbox');
  const breaker = guard(
    'mail',
    (error) => error instanceof MailUnavailable && !error.isAboutReader,
  );
  breaker.onChange((state) => {
    log.warn({ dependency: 'mail', state }, 'breaker');
    if (state === 'closed') {
      jobs.wake(db.read, 'messaging.send').catch((error: unknown) => {
        log.warn({ error }, 'waiting mails were not woken; they come by their schedule');
      });
    }
  });
  const mailer = createMailer({ url: smtpUrl, from, testInbox, clock, breaker });
  lifecycle.onStop('mail', () => {
    mailer.close();
  });
  return mailer;
}
