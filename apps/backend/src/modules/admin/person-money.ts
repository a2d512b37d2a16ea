/** One person's own money as staff reads it: moves of the balance, kept methods, renewals. */
import {
  moneyToWire,
  type PersonMethodWire,
  type PersonMoney,
  type PersonRenewalWire,
} from '@opora/contracts';
import type { SavedMethod } from '../payments/index.ts';
import type { Renewal, Subscription } from '../subscriptions/index.ts';
import type { AdminParts } from './deps.ts';

type Parts = Pick<AdminParts, 'db' | 'ledger' | 'payments' | 'subscriptions'>;

export async function personMoney(
  parts: Parts,
  personId: string,
  own: readonly Subscription[],
): Promise<PersonMoney> {
  const { payments, subscriptions, ledger, db } = parts;
  const [wallet, entries, saved, renewals] = await Promise.all([
    payments.wallet(personId),
    ledger.entries(db.read, personId),
    payments.methods.ofPerson(personId),
    subscriptions.renewals.of(own.map(({ id }) => id)),
  ]);
  const agreed = own.flatMap((subscription) => {
    const renewal = renewals.get(subscription.id);
    return renewal === undefined ? [] : [{ subscription, renewal }];
  });
  return {
    held: wallet.held.map(moneyToWire),
    entries: entries.map(({ at, amount, kind }) => ({
      ...{ at: at.toISOString(), amount: moneyToWire(amount), kind },
    })),
    methods: saved.map(methodWire),
    renewals: await Promise.all(agreed.map((one) => renewalWire(parts, { ...one, saved }))),
  };
}

function methodWire(method: SavedMethod): PersonMethodWire {
  const { id, provider, title, state, isDefault, createdAt, expiresAt, endedAt } = method;
  return {
    ...{ id, provider, title, state, isDefault },
    savedAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}

async function renewalWire(
  { subscriptions: { renewals } }: Parts,
  of: { subscription: Subscription; renewal: Renewal; saved: readonly SavedMethod[] },
): Promise<PersonRenewalWire> {
  const { subscription, renewal, saved } = of;
  const { state, why, amount, provider, methodId, agreedAt, words } = renewal;
  const [{ chargedAt }, tries] = await Promise.all([
    renewals.standing(subscription),
    renewals.tries(subscription),
  ]);
  const declined = tries.filter((payment) => payment.state === 'failed');
  const [last] = declined;
  return {
    ...{ id: subscription.id, state, why: why ?? null, amount: moneyToWire(amount), provider },
    method: saved.find(({ id }) => id === methodId)?.title ?? null,
    ...{ agreedAt: agreedAt.toISOString(), words },
    nextAt: state === 'on' ? chargedAt.toISOString() : null,
    decline:
      last === undefined
        ? null
        : {
            ...{ paymentId: last.id, at: last.createdAt.toISOString() },
            ...{ reason: last.reason ?? null, advice: last.advice ?? null },
            tries: declined.length,
          },
  };
}
