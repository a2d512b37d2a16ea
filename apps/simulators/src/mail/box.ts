import type { World } from '../world.ts';

/** What SendGrid's documents call the events of one mail, as far as they are played here. */
export type Fate = 'delivered' | 'bounce' | 'blocked' | 'dropped' | 'spamreport' | 'unsubscribe';

/** A mail as it was taken over SMTP, one for each recipient. */
export type StoredMail = Readonly<{
  id: string;
  /** Of the envelope. */
  from: string;
  to: string;
  /** As the mail itself says, name included. */
  sender: string;
  subject: string;
  text: string;
  /** Absent in a mail of plain text only. */
  html: string | undefined;
  /** As on the wire, without the service's own header. */
  headers: readonly (readonly [string, string])[];
  messageId: string;
  /** `unique_args` of the X-SMTPAPI header. */
  uniqueArgs: Readonly<Record<string, string>>;
  /** ISO times: mail programs show one mail for each Message-ID, however often it came. */
  arrivals: readonly string[];
  /** What was reported of it, oldest first. */
  fates: readonly Readonly<{ fate: Fate; at: string }>[];
}>;

/** What the owner or the server of an address does; without an entry mail simply arrives. */
export const MANNERS = ['refuse', 'bounce', 'block', 'complain'] as const;
export type Manner = (typeof MANNERS)[number];

export interface Box {
  /** Stores an arrival; the same Message-ID to the same reader is one mail. */
  take(mail: Omit<StoredMail, 'id' | 'arrivals' | 'fates'>): StoredMail;
  save(mail: StoredMail): void;
  find(id: string): StoredMail | undefined;
  /** Newest first; `to` is any part of the address. */
  list(to?: string): StoredMail[];
  clear(): void;
  manners(): (readonly [string, Manner])[];
  mannerOf(address: string): Manner | undefined;
  /** `undefined` makes the address an ordinary one again. */
  setManner(address: string, manner: Manner | undefined): void;
  /** SendGrid's own lists of addresses it does not send to any more, with its reason. */
  droppedReason(address: string): string | undefined;
  dropFromNowOn(address: string, reason: string): void;
}

const MAILS_KEPT = 1_000;

export function openBox(world: World): Box {
  const mails = world.store.collection<StoredMail>('mail.messages');
  const manners = world.store.collection<Manner>('mail.manners');
  const dropped = world.store.collection<string>('mail.dropped');
  const keyOf = (address: string): string => address.toLowerCase();

  return {
    take(mail) {
      const now = world.clock.now().toISOString();
      const known = mails
        .values()
        .find((each) => each.messageId === mail.messageId && each.to === mail.to);
      const number = known === undefined ? world.store.sequence('mail.messages') : 0;
      const stored: StoredMail =
        known === undefined
          ? { ...mail, id: String(number), arrivals: [now], fates: [] }
          : { ...known, arrivals: [...known.arrivals, now] };
      mails.put(stored.id, stored);
      if (known === undefined) mails.delete(String(number - MAILS_KEPT));
      return stored;
    },
    save(mail) {
      mails.put(mail.id, mail);
    },
    find: (id) => mails.get(id),
    list: (to = '') =>
      mails
        .values()
        .filter((mail) => keyOf(mail.to).includes(keyOf(to)))
        .reverse(),
    clear() {
      for (const { id } of mails.values()) mails.delete(id);
    },
    manners: () => manners.entries(),
    mannerOf: (address) => manners.get(keyOf(address)),
    setManner(address, manner) {
      if (manner === undefined) manners.delete(keyOf(address));
      else manners.put(keyOf(address), manner);
      // An operator who makes an address good again takes it from SendGrid's lists as well.
      if (manner === undefined) dropped.delete(keyOf(address));
    },
    droppedReason: (address) => dropped.get(keyOf(address)),
    dropFromNowOn(address, reason) {
      dropped.put(keyOf(address), reason);
    },
  };
}
