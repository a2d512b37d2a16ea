import { DomainError } from '@opora/kernel';
import { renderLetter, type Mailer } from '../../../platform/mail/index.ts';
import type { Channel } from '../channel.ts';

/** The server will never take this alert. */
export class AlertRefused extends DomainError {
  readonly code = 'monitor.alert_refused';
  readonly kind = 'conflict';
}

/** One mailbox of staff; several are several channels, so that one that is full delays nobody. */
export function createMailAlerts(mailer: Mailer, to: string, language: string): Channel {
  return {
    name: `mail ${to}`,
    async send({ id, subject, html }) {
      const letter = renderLetter({
        language,
        subject,
        html,
        button: undefined,
        footerHtml: 'Opora',
      });
      const outcome = await mailer.send({
        ...{ id, to, subject, senderName: 'Opora', isTransactional: true },
        ...letter,
      });
      if (outcome.outcome === 'refused') throw new AlertRefused(outcome.reason);
    },
    close: () => {
      mailer.close();
    },
  };
}
