/**
 * Notices that stop coming while payments are being made. Any number of workers watch: the row of a
 * spell, and the row's end, are each written by one of them, with the fact that staff is told of.
 * A spell ends when a notice comes, not when nobody pays any more.
 */
import { sql, type Tx } from '../../platform/db/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { selectProviderOverview, type ProviderOverview } from './repository-overview.ts';

/** What is watched and shown as metrics: the last day. */
const SPAN_MS = 86_400_000;
/** More than there are providers. */
const SILENCES_MAX = 50;

export type Watched = Readonly<{ at: Date; providers: readonly ProviderOverview[] }>;

export type Silence = Readonly<{ provider: string; since: Date }>;

/** Reads how all providers do, and begins and ends their spells of silence. */
export async function watchProviders(deps: PaymentsDeps): Promise<Watched> {
  const at = deps.clock.now();
  const span = { from: new Date(at.getTime() - SPAN_MS), to: at };
  const providers = await selectProviderOverview(deps.db.read, [...deps.providers.keys()], span);
  const silent = new Map(
    (await selectSilences(deps.db.read)).map(({ provider, since }) => [provider, since]),
  );
  for (const each of providers) {
    const since = silent.get(each.provider);
    if (since === undefined) {
      if (each.isSilent) await begin(deps, each, at);
    } else if (each.lastNoticeAt !== null && each.lastNoticeAt >= since) {
      await end(deps, each.provider, { since, at });
    }
  }
  return { at, providers };
}

/** Those that last. */
export async function selectSilences(tx: Tx): Promise<readonly Silence[]> {
  const { rows } = await sql<{ provider: string; since: Date }>`
    select provider, since from provider_silence where until is null
     order by since, provider limit ${SILENCES_MAX}`.execute(tx);
  return rows;
}

async function begin(deps: PaymentsDeps, figures: ProviderOverview, at: Date): Promise<void> {
  const { provider, settledUnannounced: payments } = figures;
  await deps.db.transaction(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      insert into provider_silence (id, provider, since)
      values (${deps.ids.next('sil')}, ${provider}, ${at})
      on conflict (provider) where until is null do nothing
      returning id`.execute(tx);
    await deps.publish(
      tx,
      rows.map(({ id }) => ({ type: 'notices.stopped', silenceId: id, provider, payments })),
    );
  });
}

async function end(
  deps: PaymentsDeps,
  provider: string,
  { since, at }: { since: Date; at: Date },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      update provider_silence set until = ${at}
       where provider = ${provider} and until is null and since = ${since}
      returning id`.execute(tx);
    await deps.publish(
      tx,
      rows.map(({ id }) => ({ type: 'notices.resumed', silenceId: id, provider, since })),
    );
  });
}
