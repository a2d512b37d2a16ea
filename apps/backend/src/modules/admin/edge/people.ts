import {
  API,
  moneyToWire,
  type AuditWire,
  type PersonDetails,
  type PersonRow,
} from '@opora/contracts';
import type { FastifyRequest } from 'fastify';
import { serve, type App } from '../../../platform/http/index.ts';
import type { AuditEntry } from '../../audit/index.ts';
import type { PersonListed } from '../../identity/index.ts';
import type { MessageListed } from '../../messaging/index.ts';
import type { AdminParts } from '../deps.ts';
import { personMoney } from '../person-money.ts';
import { createRows, stateOf, type Rows } from '../rows.ts';
import { search, searchPeople } from '../search.ts';
import { listed } from './query.ts';
import { emailFor } from './masking.ts';

/** Rows of each kind on the page of one person. */
const RELATED_MAX = 50;

/** People: the list, one with everything about them, and the search over everything. */
export function peopleRoutes(parts: AdminParts) {
  const rows = createRows(parts);
  return (app: App): void => {
    serve(app, API.people.list, async ({ query, request }) => {
      const { q, state } = query;
      const ids = q === undefined ? undefined : await searchPeople(parts, q);
      return listed(
        query,
        (page) => parts.identity.admin.list({ ids, state }, page),
        (people) => personRows(parts, request, people),
      );
    });
    serve(app, API.people.read, async ({ params, request }) =>
      details(parts, rows, { personId: params.personId, request }),
    );
    serve(app, API.people.search, async ({ query }) => ({
      items: await search(parts, query.q),
    }));
  };
}

async function details(
  parts: AdminParts,
  rows: Rows,
  asked: { personId: string; request: FastifyRequest },
): Promise<PersonDetails> {
  const { personId, request } = asked;
  const person = await parts.identity.admin.read(personId);
  const page = { limit: RELATED_MAX };
  const [row, balances, own, orders, payments, messages, audit] = await Promise.all([
    personRows(parts, request, [person]),
    parts.ledger.admin.balances(parts.db.read, personId),
    parts.subscriptions.ofPerson(personId),
    parts.orders.admin.list({ personId }, page),
    parts.payments.admin.list({ personId }, page),
    parts.messaging.admin.ofPerson(personId, RELATED_MAX),
    parts.audit.list({ personId }, page),
  ]);
  const [money, subscriptionRows, orderRows, paymentRows] = await Promise.all([
    personMoney(parts, personId, own.slice(0, RELATED_MAX)),
    rows.subscriptions(own.slice(0, RELATED_MAX)),
    rows.orders(orders.items),
    rows.payments(payments.items),
  ]);
  return {
    person: row[0] ?? personRow(request, person, null),
    botBlockedAt: person.blockedAt?.toISOString() ?? null,
    balances: balances.map(moneyToWire),
    money,
    subscriptions: subscriptionRows,
    orders: orderRows,
    payments: paymentRows,
    messages: messages.map(messageWire),
    audit: audit.items.map(auditWire),
  };
}

/** People as staff of that role may see them. */
export async function personRows(
  parts: AdminParts,
  request: FastifyRequest,
  people: readonly PersonListed[],
): Promise<PersonRow[]> {
  const newest = await parts.subscriptions.admin.newestOf(people.map(({ id }) => id));
  const at = parts.clock.now();
  return people.map((person) => {
    const own = newest.get(person.id);
    const subscription =
      own === undefined ? null : { state: stateOf(own, at), endsAt: own.expiresAt.toISOString() };
    return personRow(request, person, subscription);
  });
}

function personRow(
  request: FastifyRequest,
  person: PersonListed,
  subscription: PersonRow['subscription'],
): PersonRow {
  return {
    id: person.id,
    name: person.name,
    language: person.language,
    state: person.state,
    telegramId: person.telegramId ?? null,
    telegramUsername: person.telegramUsername ?? null,
    email: emailFor(request, person.email),
    createdAt: person.createdAt.toISOString(),
    subscription,
  };
}

function messageWire(message: MessageListed): PersonDetails['messages'][number] {
  return {
    id: message.id,
    at: (message.finishedAt ?? message.createdAt).toISOString(),
    channel: message.channel,
    template: message.template,
    state: message.state,
    error: message.error?.slice(0, 500) ?? null,
  };
}

export function auditWire(entry: AuditEntry): AuditWire {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    actor: { id: entry.actorId, name: entry.actorName },
    act: entry.act,
    subjectKind: entry.subject.kind,
    subjectId: entry.subject.id,
    personId: entry.personId ?? null,
    reason: entry.reason ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    result: entry.result,
    requestId: entry.requestId ?? null,
    remoteAddress: entry.remoteAddress ?? null,
  };
}
