/** Mail as the composition opens it: the server, its breaker, and what is due when it closes. */
import { BREAKER_WAIT_MAX_MS } from './compose-parts.ts';
import type { Config } from './config/shape.ts';
import type { Clock, Ids } from '@opora/kernel';
import { createBreaker } from './platform/breaker/index.ts';
import type { Database } from './platform/db/index.ts';
import type { Jobs } from './platform/jobs/index.ts';
import type { Lifecycle } from './platform/lifecycle/index.ts';
import type { Log } from './platform/log/index.ts';
import { createMailer, MailUnavailable, type Mailer } from './platform/mail/index.ts';

type Base = Readonly<{ config: Config; clock: Clock; ids: Ids; log: Log; lifecycle: Lifecycle }>;

/** Undefined when no server is configured. */
export function openMailer(
  { config, clock, ids, log, lifecycle }: Base,
  { db, jobs }: { db: Database; jobs: Jobs },
): Mailer | undefined {
  const { smtpUrl, from, testInbox } = config.mail;
  if (smtpUrl === undefined) {
    log.warn('no SMTP_URL: no mail is sent');
    return undefined;
  }
  if (testInbox !== undefined) log.warn({ testInbox }, 'every mail goes to the test inbox');
  const breaker = createBreaker({
    name: 'mail',
    clock,
    ids,
    waitMaxMs: BREAKER_WAIT_MAX_MS[config.pace],
    countsAsFailure: (error) => error instanceof MailUnavailable && !error.isAboutReader,
  });
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
