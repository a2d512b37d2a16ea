/**
 * Ways to pay that staff switched off. Read at each use, so that every process knows at once. Only
 * new payments are refused: what was begun is asked about and its notices are taken as before.
 */
import { sql, type Tx } from '../../platform/db/index.ts';
import type { Acted, StaffAct } from '../audit/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { ProviderSwitchedOff } from './errors.ts';
import type { ProviderId } from './provider.ts';
import { providerOf } from './start.ts';

const SWITCHES_MAX = 50;

/** Since when, and the audit entry that says by whom and why. */
export type SwitchedOff = Readonly<{ since: Date; actId: string }>;

export async function selectSwitchedOff(tx: Tx): Promise<ReadonlyMap<string, SwitchedOff>> {
  const { rows } = await sql<{ provider: string; off_since: Date; act_id: string }>`
    select provider, off_since, act_id from provider_switch limit ${SWITCHES_MAX}`.execute(tx);
  return new Map(
    rows.map(({ provider, off_since, act_id }) => [provider, { since: off_since, actId: act_id }]),
  );
}

/** Those nobody can choose now: their breaker is open here, or staff switched them off. */
export async function restingProviders(deps: PaymentsDeps): Promise<ReadonlySet<ProviderId>> {
  const off = await selectSwitchedOff(deps.db.read);
  return new Set([...deps.providers.keys()].filter((id) => off.has(id) || deps.isResting(id)));
}

/** Throws `ProviderSwitchedOff`. */
export async function refuseSwitchedOff(deps: PaymentsDeps, provider: ProviderId): Promise<void> {
  if (!(await selectSwitchedOff(deps.db.read)).has(provider)) return;
  throw new ProviderSwitchedOff(`staff switched ${provider} off`);
}

/** Throws `ProviderNotConfigured`. Off stays off when it is asked again, with its first act. */
export async function switchByStaff(
  deps: PaymentsDeps,
  act: StaffAct,
  wish: { provider: string; isOff: boolean },
): Promise<Acted> {
  const { id } = providerOf(deps, wish.provider);
  return deps.db.transaction(async (tx) => {
    const wasOff = (await selectSwitchedOff(tx)).has(id);
    const acted = await deps.audit.record(tx, {
      ...act,
      act: wish.isOff ? 'providers.switch_off' : 'providers.switch_on',
      subject: { kind: 'provider', id },
      before: { switched: wasOff ? 'off' : 'on' },
      after: { switched: wish.isOff ? 'off' : 'on' },
    });
    if (!acted.isFirst) return acted;
    await (wish.isOff
      ? sql`insert into provider_switch (provider, off_since, act_id)
          values (${id}, ${deps.clock.now()}, ${acted.id}) on conflict do nothing`.execute(tx)
      : sql`delete from provider_switch where provider = ${id}`.execute(tx));
    return acted;
  });
}
