import { OperationalError } from '@opora/kernel';

/** No server, no answer in time, a 4xx, or a sender and password it does not take: sent later. */
export class MailUnavailable extends OperationalError {
  readonly code = 'mail.unavailable';
  /** Only this reader's mail is put off (a full mailbox): others may be sent meanwhile. */
  readonly isAboutReader: boolean;

  constructor(reason: string, options: { isAboutReader?: boolean } = {}) {
    super(`mail: ${reason}`);
    this.isAboutReader = options.isAboutReader ?? false;
  }
}
