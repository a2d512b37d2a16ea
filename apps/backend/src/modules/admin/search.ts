/** One field for everything: what a customer reads to support, whatever it is. */
import type { SearchHit } from '@opora/contracts';
import { formatMajor, type Money } from '@opora/kernel';
import type { AdminParts } from './deps.ts';

export const HITS_MAX = 20;
/** People behind a search among people. */
const PEOPLE_MAX = 100;

/** Everything that fits, best first; at most `HITS_MAX`. */
export async function search(parts: AdminParts, text: string): Promise<SearchHit[]> {
  const q = clean(text);
  if (q === '') return [];
  const id = q.toLowerCase();
  const [people, orders, payments, subscriptions] = await Promise.all([
    parts.identity.admin.find(q, HITS_MAX),
    parts.orders.admin.find(id, HITS_MAX),
    parts.payments.admin.find(q, HITS_MAX),
    parts.subscriptions.admin.find(id, HITS_MAX),
  ]);
  const names = await parts.identity.admin.briefs([
    ...people,
    ...[...orders, ...payments, ...subscriptions].map(({ personId }) => personId),
  ]);
  const hit = (kind: SearchHit['kind'], own: string, personId: string, detail: string) => {
    const title = names.get(personId)?.name ?? '…';
    return { kind, id: own, personId, title, detail };
  };
  const hits = [
    ...orders.map((one) => hit('order', one.id, one.personId, sum(one.amount, one.state))),
    ...payments.map((one) =>
      hit('payment', one.id, one.personId, `${one.provider} ${sum(one.amount, one.state)}`),
    ),
    ...subscriptions.map((one) =>
      hit('subscription', one.id, one.personId, one.expiresAt.toISOString()),
    ),
    ...people.map((personId) => {
      const username = names.get(personId)?.telegramUsername;
      return hit('person', personId, personId, username === undefined ? '' : `@${username}`);
    }),
  ];
  return hits.slice(0, HITS_MAX);
}

/** Ids of people that fit by themselves, or by an order or a payment of theirs. */
export async function searchPeople(parts: AdminParts, text: string): Promise<readonly string[]> {
  const q = clean(text);
  if (q === '') return [];
  const [people, orders, payments] = await Promise.all([
    parts.identity.admin.find(q, PEOPLE_MAX),
    parts.orders.admin.find(q.toLowerCase(), HITS_MAX),
    parts.payments.admin.find(q, HITS_MAX),
  ]);
  return [...new Set([...people, ...[...orders, ...payments].map(({ personId }) => personId)])];
}

/** As people copy it: `#8F2KQ1`, with spaces around. */
function clean(text: string): string {
  return text.trim().replace(/^#/, '');
}

function sum(amount: Money, state: string): string {
  return `${formatMajor(amount)} ${amount.currency}, ${state}`;
}
