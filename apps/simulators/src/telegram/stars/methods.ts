import { badRequest, type User } from '../bot-api.ts';
import { type Call, done, type Methods, type Result } from '../call.ts';
import { asMessage, type Chats } from '../chats.ts';
import { parseMarkup } from '../keyboard.ts';
import type { FloodLimits } from '../limits.ts';
import { openChat } from '../messages.ts';
import { asUser, type People } from '../people.ts';
import type { Profile } from '../profile.ts';
import type { Movement } from './books.ts';
import type { StarsDesk } from './desk.ts';
import { readInvoice, readPeriod, SUBSCRIPTION_SECONDS } from './invoice.ts';

const LIST = { standard: 100, most: 100 };
/** Telegram's own words for the two languages of an invoice without buttons. */
const PAY_WORDS = { ru: 'Заплатить', en: 'Pay' } as const;

type Parts = Readonly<{
  desk: StarsDesk;
  people: People;
  chats: Chats;
  limits: FloodLimits;
  profile: Profile;
}>;

/** The Bot API's methods about Stars. */
export function starsMethods(parts: Parts): Methods {
  const { desk } = parts;
  return {
    sendinvoice: ({ params }) => sendInvoice(parts, { params }),
    createinvoicelink({ params }) {
      const isSubscription = readPeriod(params);
      return { result: desk.linkOf(desk.open({ ...readInvoice(params), isSubscription })) };
    },
    answerprecheckoutquery({ params }) {
      const ok = params.flag('ok');
      const words = params.text('error_message') ?? '';
      if (!ok && words === '') throw badRequest('error_message must be non-empty');
      desk.answer(params.text('pre_checkout_query_id') ?? '', { ok, words });
      return done;
    },
    refundstarpayment({ params }) {
      desk.refund(params.number('user_id') ?? 0, params.text('telegram_payment_charge_id') ?? '');
      return done;
    },
    edituserstarsubscription({ params }) {
      desk.editSubscription(
        params.number('user_id') ?? 0,
        params.text('telegram_payment_charge_id') ?? '',
        params.flag('is_canceled'),
      );
      return done;
    },
    getstartransactions: (call) => transactions(parts, call),
    getmystarbalance: () => ({ result: { amount: balance(desk) } }),
  };
}

function sendInvoice(parts: Parts, { params }: Pick<Call, 'params'>): Result {
  const { desk, people, chats, limits, profile } = parts;
  const person = openChat(people, params);
  const wanted = readInvoice(params);
  const markup = parseMarkup(params.object('reply_markup'), 'invoice');
  limits.take(person.id);
  const invoice = desk.open({ ...wanted, isSubscription: false });
  const pay = {
    text: `${PAY_WORDS[person.language]} ${String(invoice.amount)} ★`,
    pay: true,
  } as const;
  const message = chats.add({
    chatId: person.id,
    by: 'bot',
    text: '',
    entities: [],
    inline: markup.inline ?? [[pay]],
    invoice: {
      link: desk.linkOf(invoice),
      card: {
        title: invoice.title,
        description: invoice.description,
        start_parameter: params.text('start_parameter') ?? '',
        currency: 'XTR',
        total_amount: invoice.amount,
      },
    },
  });
  return { result: asMessage(message, person, profile.user()) };
}

/** Oldest first; a charge and its refund carry the same id. */
function transactions({ desk, people }: Parts, { params }: Call): Result {
  const offset = params.number('offset') ?? 0;
  const limit = params.number('limit') ?? LIST.standard;
  if (offset < 0) throw badRequest('OFFSET_INVALID');
  if (limit < 1 || limit > LIST.most) throw badRequest('LIMIT_INVALID');
  const page = desk.books.movements.values().slice(offset, offset + limit);
  return { result: { transactions: page.map((each) => transaction(desk, people, each)) } };
}

function transaction(desk: StarsDesk, people: People, { chargeId, kind, at }: Movement): unknown {
  const charge = desk.books.charges.get(chargeId);
  const person = charge && people.get(charge.personId);
  const user: User | undefined = person && asUser(person);
  const partner = {
    type: 'user',
    transaction_type: 'invoice_payment',
    user,
    invoice_payload: charge?.payload,
    subscription_period: charge?.subscriptionId === undefined ? undefined : SUBSCRIPTION_SECONDS,
  };
  return {
    id: chargeId,
    amount: charge?.amount,
    date: Math.floor(at / 1_000),
    ...(kind === 'in' ? { source: partner } : { receiver: partner }),
  };
}

const balance = ({ books }: StarsDesk): number =>
  books.charges
    .values()
    .reduce((sum, { amount, refundedAt }) => (refundedAt === undefined ? sum + amount : sum), 0);
