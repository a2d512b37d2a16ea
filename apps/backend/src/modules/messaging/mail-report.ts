/** What mail servers report, applied once: to the message, and to what is sent there later. */
import type { MessagingDeps } from './deps.ts';
import { MailReportRejected } from './errors.ts';
import type { MailEvent, RawMailReport, Suppression } from './mail-event.ts';
import { forgetEvents, insertEvents, insertSuppressions, markReported } from './repository-mail.ts';
import { hashOf } from './suppression.ts';

const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * Verifies and applies a report; answers how many of its events were new. Events about mail that
 * is not ours (another program of the same account, the test button) change nothing.
 */
export async function acceptReport(deps: MessagingDeps, raw: RawMailReport): Promise<number> {
  if (deps.mailReports === undefined) {
    throw new MailReportRejected('mail reports are closed: set SENDGRID_WEBHOOK_KEY', {
      facts: { reason: 'closed' },
    });
  }
  const events = deps.mailReports
    .verify(raw)
    .filter((event): event is MailEvent & { messageId: string } => event.messageId !== undefined);
  if (events.length === 0) return 0;
  const fresh = await deps.db.transaction(async (tx) => {
    const known = await insertEvents(tx, events, raw.at);
    const added = events.filter(({ id }) => known.delete(id));
    if (added.length === 0) return added;
    const ids = added.map(({ id }) => id);
    await markReported(tx, ids);
    await insertSuppressions(tx, suppressionsIn(added), raw.at);
    await forgetEvents(tx, new Date(raw.at.getTime() - KEPT_MS));
    return added;
  });
  for (const { kind } of fresh) deps.counted(kind);
  return fresh.length;
}

/** One word for each address: the stronger one when a report says both. */
function suppressionsIn(events: readonly MailEvent[]): Map<string, Suppression> {
  const found = new Map<string, Suppression>();
  for (const { address, suppression } of events) {
    const hash = hashOf(address);
    if (suppression === undefined) continue;
    if (suppression !== 'unsubscribed' || !found.has(hash)) found.set(hash, suppression);
  }
  return found;
}
