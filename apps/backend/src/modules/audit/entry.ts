/** Facts of an entry: short texts, never secrets; null says "was not set". */
export type AuditFacts = Readonly<Record<string, string | null>>;

/** Who acts, and over which request; `SYSTEM` for what nobody pressed. */
export type Actor = Readonly<{
  id: string;
  name: string;
  requestId: string | undefined;
  remoteAddress: string | undefined;
}>;

export const SYSTEM: Actor = {
  id: 'system',
  name: 'system',
  requestId: undefined,
  remoteAddress: undefined,
};

/**
 * What a member of staff orders: who, why, and the key that makes a repeat the same act. Every use
 * case of staff takes one and hands it to `audit.record` in its own transaction.
 */
export type StaffAct = Readonly<{ actor: Actor; reason: string; key: string }>;

/** How an act of staff ended: its entry, and whether this call did it or an earlier one had. */
export type Acted = Readonly<{ id: string; isFirst: boolean }>;

export type AuditWish = Readonly<{
  /** When the entry's id was told to somebody before it could be written. */
  id?: string | undefined;
  actor: Actor;
  /** `people.ban`, `session.refused`: the name of the act. */
  act: string;
  subject: Readonly<{ kind: string; id: string }>;
  personId?: string | undefined;
  reason?: string | undefined;
  /** What was asked for; stands in `after`, and a repeat must ask for the same. */
  asked?: AuditFacts | undefined;
  before?: AuditFacts | undefined;
  after?: AuditFacts | undefined;
  result?: 'done' | 'refused';
  key?: string | undefined;
}>;

export type AuditEntry = Readonly<{
  id: string;
  at: Date;
  actorId: string;
  actorName: string;
  act: string;
  subject: Readonly<{ kind: string; id: string }>;
  personId: string | undefined;
  reason: string | undefined;
  before: AuditFacts | undefined;
  after: AuditFacts | undefined;
  result: 'done' | 'refused';
  requestId: string | undefined;
  remoteAddress: string | undefined;
}>;
