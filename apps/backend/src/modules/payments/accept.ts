/** The door: verify, store durably, answer. Nobody is acknowledged before the commit. */
import { WebhookRejected } from './errors.ts';
import type { HttpAnswer, PaymentProvider, RawWebhook } from './provider.ts';
import { insertRefusal } from './repository-notices.ts';
import type { PaymentsDeps } from './deps.ts';
import { providerOf } from './start.ts';

/**
 * Judges one incoming notice and answers in the provider's own form. Refused ones are counted,
 * logged and kept for the operator; in a flood of them they are only counted (A4). Throws `ProviderNotConfigured` for a closed endpoint and
 * `DatabaseUnavailable` when nothing could be stored, so that the provider repeats.
 */
export async function acceptNotice(
  deps: PaymentsDeps,
  providerId: string,
  raw: RawWebhook & { isFlood?: boolean },
): Promise<HttpAnswer> {
  const provider = providerOf(deps, providerId);
  const kept = withoutSecrets(provider, raw);
  try {
    const notice = await provider.verify(raw);
    await deps.notices.add({ id: deps.ids.next('ntc'), provider: provider.id, notice, raw: kept });
    return provider.acknowledge('accepted');
  } catch (error) {
    if (!(error instanceof WebhookRejected)) throw error;
    deps.counted({
      provider: provider.id,
      source: 'notice',
      outcome: `refused_${error.reason}`,
    });
    if (raw.isFlood !== true) await refuse(deps, provider.id, kept, error);
    return provider.acknowledge('rejected', error.reason);
  }
}

/** A secret that proves the sender is judged and forgotten: nobody reads it out of our tables. */
function withoutSecrets({ secretHeaders = [] }: PaymentProvider, raw: RawWebhook): RawWebhook {
  const kept = Object.entries(raw.headers).filter(([name]) => !secretHeaders.includes(name));
  return { ...raw, headers: Object.fromEntries(kept) };
}

/** The refusal list is a help, not a promise: when it cannot be written the refusal stands. */
async function refuse(
  deps: PaymentsDeps,
  provider: string,
  raw: RawWebhook,
  error: WebhookRejected,
): Promise<void> {
  deps.log.warn(
    { provider, reason: error.reason, detail: error.detail, from: raw.remoteAddress },
    'payment notice refused',
  );
  await insertRefusal(deps.db.read, {
    id: deps.ids.next('ntc'),
    provider,
    reason: error.reason,
    detail: error.detail.slice(0, 500),
    raw,
  }).catch((problem: unknown) => {
    deps.log.warn({ error: problem }, 'a refused notice could not be kept');
  });
}
