/**
 * Stars at the door: what must not wait in the inbox. Money that came or went is committed as a
 * notice of payments before Telegram is told that it was taken, as every provider's is; the
 * question before a payment is answered at once, because Telegram waits ten seconds for it.
 */
import { DomainError, money, sameMoney, type Secret } from '@opora/kernel';
import { z } from 'zod';
import { isQueryTooOld } from '../platform/telegram/index.ts';
import type { BotDeps } from './deps.ts';
import { languageHint, sender } from './incoming.ts';
import { speechIn } from './speech.ts';

export const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
const PROVIDER = 'stars';
/** Longer than this is a doubt, and a doubt is a no: the answer has its own way to go. */
const CHECK_MAX_MS = 4_000;

const questionSchema = z.object({
  id: z.string(),
  from: sender,
  currency: z.string(),
  total_amount: z.int().positive(),
  invoice_payload: z.string(),
});
type Question = z.infer<typeof questionSchema>;

/** A proven update: its bytes, and where they came from. */
export type Arrival = Readonly<{ body: unknown; bytes: Buffer; from: string }>;

export interface StarsDesk {
  /**
   * Resolves when an update about Stars has been dealt with for good; undefined: it is another one,
   * for the inbox. Throws when it must come again.
   */
  take(arrival: Arrival): Promise<'paid' | 'asked' | undefined>;
}

type Deps = Pick<
  BotDeps,
  'telegram' | 'webhookSecret' | 'payments' | 'orders' | 'identity' | 'words' | 'clock' | 'log'
>;

export function createStarsDesk(deps: Deps): StarsDesk {
  return {
    async take(arrival) {
      if (isMoney(arrival.body)) return (await handOver(deps, arrival)) ? 'paid' : undefined;
      const question = questionOf(arrival.body);
      if (question === undefined) return undefined;
      await answer(deps, question);
      return 'asked';
    },
  };
}

/** Every update passes here, so the names of its parts are looked at and no more. */
function isMoney(body: unknown): boolean {
  const message = part(body, 'message');
  return (
    part(message, 'successful_payment') !== undefined ||
    part(message, 'refunded_payment') !== undefined
  );
}

function questionOf(body: unknown): Question | undefined {
  const question = part(body, 'pre_checkout_query');
  return question === undefined ? undefined : questionSchema.safeParse(question).data;
}

function part(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null || !Object.hasOwn(of, name)) return undefined;
  return (of as Record<string, unknown>)[name]; // its own, as was just seen
}

/** False: it was not taken, the update goes to the inbox, where it is at least not lost. */
async function handOver(deps: Deps, arrival: Arrival): Promise<boolean> {
  const { webhookSecret, payments, log } = deps;
  if (webhookSecret === undefined || !payments.offered.includes(PROVIDER)) {
    log.error('Stars moved, and their provider is not configured: look at the bot in Telegram');
    return false;
  }
  const { status } = await payments.accept(PROVIDER, notice(deps, arrival, webhookSecret));
  if (status < 300) return true;
  log.error({ status }, 'Stars moved, and payments refused the update: see the refused notices');
  return false;
}

function notice({ clock }: Deps, { bytes, from }: Arrival, secret: Secret) {
  return {
    method: 'POST' as const,
    query: '',
    // Proven here already, by the same secret or by our own question to Telegram.
    headers: { [SECRET_HEADER]: secret.reveal() },
    body: bytes,
    remoteAddress: from,
    receivedAt: clock.now(),
  };
}

async function answer(deps: Deps, question: Question): Promise<void> {
  const { telegram, words, log } = deps;
  const verdict = await judge(deps, question);
  const about = { paymentId: question.invoice_payload, verdict };
  const speech = speechIn(words, languageHint(question.from));
  const refusal = { closed: 'stars.closed', unsure: 'stars.unsure' } as const;
  try {
    await telegram.call.answerPreCheckoutQuery({
      pre_checkout_query_id: question.id,
      ...(verdict === 'payable'
        ? { ok: true }
        : { ok: false, error_message: speech.plain(refusal[verdict]) }),
    });
    log.info(about, 'Telegram asked whether a payment may be made');
  } catch (error) {
    if (!isQueryTooOld(error)) throw error;
    log.warn(about, 'the question came too late to be answered: Telegram took nothing');
  }
}

async function judge(deps: Deps, question: Question): Promise<'payable' | 'closed' | 'unsure'> {
  const done = new AbortController();
  const late = deps.clock.sleep(CHECK_MAX_MS, done.signal).then(() => 'unsure' as const);
  try {
    return await Promise.race([isPayable(deps, question).then(toVerdict), late]);
  } catch (error) {
    deps.log.warn({ err: error }, 'whether a payment may be made could not be found out');
    return 'unsure';
  } finally {
    done.abort();
  }
}

const toVerdict = (is: boolean): 'payable' | 'closed' => (is ? 'payable' : 'closed');

/** Reads only, of our own tables: no panel, no provider. */
async function isPayable({ payments, orders, identity, clock }: Deps, question: Question) {
  if (question.currency !== 'XTR') return false;
  const payment = await payments.find(question.invoice_payload).catch(missing);
  if (payment?.provider !== PROVIDER) return false;
  if (!sameMoney(payment.amount, money(BigInt(question.total_amount), 'XTR'))) return false;
  // A link can be paid twice: the second time its order is not open any more.
  const order = await orders.find(payment.orderId);
  if (order.state !== 'open' || order.expiresAt <= clock.now()) return false;
  const buyer = await identity.contact(payment.personId);
  // Who bought on the site may have no Telegram account we know of.
  return buyer?.telegramId === undefined || buyer.telegramId === BigInt(question.from.id);
}

function missing(error: unknown): undefined {
  if (error instanceof DomainError && error.kind === 'not_found') return undefined;
  throw error;
}
