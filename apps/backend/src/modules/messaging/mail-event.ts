/**
 * PORT: what became of a mail, as the server that carries it reports later. A report says
 * something about the message (it arrived, it did not) and may say something about the address
 * (nobody is there, its owner does not want us).
 */
export type MailEvent = Readonly<{
  /** The reporter's own id of the event: a repeat is known by it. */
  id: string;
  /** Of the message row; undefined when the report does not say which mail it is about. */
  messageId: string | undefined;
  address: string;
  kind: MailEventKind;
  /** Why nothing more should be sent there. */
  suppression: Suppression | undefined;
  /** The receiving server's words. */
  reason: string | undefined;
  at: Date;
}>;

/** `bounced`: did not arrive and will not, whoever refused it. */
export type MailEventKind = 'delivered' | 'bounced' | 'complained' | 'unsubscribed';

/** `unsubscribed` ends reminders only; the others end all mail to the address. */
export type Suppression = Exclude<MailEventKind, 'delivered'>;

export type RawMailReport = Readonly<{
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  at: Date;
}>;

export interface MailReports {
  /** The events of a signed report that mean something to us; throws `MailReportRejected`. */
  verify(raw: RawMailReport): MailEvent[];
}
