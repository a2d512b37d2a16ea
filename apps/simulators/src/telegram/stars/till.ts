import type { World } from '../../world.ts';
import type { Cabinet } from '../../providers/cabinet.ts';
import { ActRefused, type Bill, type Till, type Wish } from '../../providers/till.ts';
import type { Chats } from '../chats.ts';
import type { People, Person } from '../people.ts';
import type { WebhookStore } from '../webhook-settings.ts';
import type { Charge } from './charge.ts';
import type { StarsDesk } from './desk.ts';
import type { Invoice } from './invoice.ts';

type Parts = Readonly<{
  world: World;
  desk: StarsDesk;
  people: People;
  chats: Chats;
  settings: WebhookStore;
}>;

/**
 * Stars as drills handle them beside the other vendors: a bill is an invoice of the bot. It can be
 * paid again and again, so `twice` is a double tap; each payment is taken only when the bot agrees.
 * Who pays is the `method` of the wish (a person's id), or whoever got the invoice into their chat.
 */
export function openTill(parts: Parts): Till {
  const { world, desk, settings } = parts;
  const ask = (id: string, wish: Wish): void =>
    void desk.ask(payerOf(parts, desk.invoice(id), wish), id);
  return {
    id: 'stars',
    bills: () => billsOf(desk),
    bill: (id) => asBill(desk, desk.invoice(id), chargesOf(desk, id)),
    acts: {
      pay: ask,
      // Too few Stars: Telegram offers to buy more and does not ask the bot.
      decline: () => undefined,
      abandon: () => undefined,
      late: (id, wish) => {
        desk.payLater(payerOf(parts, desk.invoice(id), wish), id, wish.afterMs ?? 0);
      },
      twice: (id, wish) => {
        ask(id, wish);
        ask(id, wish);
      },
    },
    cabinet: botFather(settings),
    forge(body) {
      const { url } = settings.read();
      if (url === '') throw new ActRefused('no webhook is set');
      const headers = { 'content-type': 'application/json' };
      world.deliveries.send({ target: 'stars', url, headers, body, repeatsMs: [], accepts: '2xx' });
    },
  };
}

/** Where updates go is the bot's own word (`setWebhook`), and repeats are Telegram's. */
const botFather = (settings: WebhookStore): Cabinet => ({
  settings: () => ({ notificationUrl: settings.read().url, repeatsMs: [] }),
  change: () => 'Telegram has no such settings: the bot itself calls setWebhook',
});

function payerOf({ desk, people, chats }: Parts, invoice: Invoice, { method }: Wish): Person {
  if (method !== undefined) {
    const named = people.get(Number(method));
    if (named === undefined) throw new ActRefused(`no person ${method}`);
    return named;
  }
  const link = desk.linkOf(invoice);
  const holder = people.list().find(({ id }) =>
    chats.list(id).some(({ invoice: bill, inline }) => {
      const offered = inline?.flat().some(({ url }) => url === link);
      return bill?.link === link || offered === true;
    }),
  );
  if (holder === undefined) throw new ActRefused('nobody has this invoice in their chat');
  return holder;
}

const chargesOf = (desk: StarsDesk, invoiceId: string): Charge[] =>
  desk.books.charges.values().filter((charge) => charge.invoiceId === invoiceId);

function billsOf(desk: StarsDesk): Bill[] {
  const charges = Map.groupBy(desk.books.charges.values(), ({ invoiceId }) => invoiceId);
  return desk.books.invoices
    .values()
    .map((invoice) => asBill(desk, invoice, charges.get(invoice.id) ?? []));
}

function asBill(desk: StarsDesk, invoice: Invoice, charges: readonly Charge[]): Bill {
  const sum = (some: readonly Charge[]): string =>
    String(some.reduce((all, { amount }) => all + amount, 0));
  const payAt = desk.books.promises.get(invoice.id)?.payAt;
  return {
    id: invoice.id,
    reference: invoice.payload,
    state: charges.length === 0 ? 'open' : 'paid',
    status: charges.length === 0 ? 'unpaid' : 'paid',
    amount: { value: String(invoice.amount), currency: 'XTR' },
    taken: sum(charges),
    returned: sum(charges.filter(({ refundedAt }) => refundedAt !== undefined)),
    createdAt: new Date(invoice.at).toISOString(),
    checkoutUrl: desk.linkOf(invoice),
    description: invoice.title,
    payAt: payAt === undefined ? undefined : new Date(payAt).toISOString(),
  };
}
