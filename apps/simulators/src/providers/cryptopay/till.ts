import { type Currency, formatMajor, money, parseMajor } from '@opora/kernel';
import type { World } from '../../world.ts';
import type { Cabinet } from '../cabinet.ts';
import { ActRefused, type Bill, type BillState, type Till } from '../till.ts';
import type { CryptoApp } from './app.ts';
import { COIN_CODES } from './currencies.ts';
import type { Invoice, InvoiceStatus } from './invoice.ts';

const STATES: Readonly<Record<InvoiceStatus, BillState>> = {
  active: 'open',
  paid: 'paid',
  expired: 'closed',
  deleted: 'closed',
};

/**
 * Crypto Pay as people and drills handle it. A wallet pays the exact sum once or not at all: there
 * is no other amount, no refund and no dispute.
 */
export function openTill(
  world: World,
  { app, cabinet }: Readonly<{ app: CryptoApp; cabinet: Cabinet }>,
): Till {
  return {
    id: 'cryptopay',
    bills: () =>
      app.book
        .ids()
        .map((id) => app.book.find(id))
        .filter((invoice) => invoice !== undefined)
        .map((invoice) => asBill(app, invoice)),
    bill: (id) => asBill(app, app.invoice(id)),
    acts: {
      pay(id, { method }) {
        app.pay(
          id,
          COIN_CODES.find((code) => code === method),
        );
      },
      // The wallet holds too little: the bill stays open and nobody is told.
      decline: () => undefined,
      abandon: () => undefined,
      late: (id, { afterMs = 0 }) => {
        if (afterMs === 0) app.pay(id);
        else app.payLater(id, afterMs);
      },
      twice: (id) => {
        payTwice(app, id);
      },
      expire: (id) => void app.end(id, 'expired'),
      cancel: (id) => void app.end(id, 'deleted'),
      resend: (id) => {
        const newest = world.deliveries.list('cryptopay').findLast(({ about }) => about === id);
        if (newest === undefined) throw new ActRefused('no notice was sent for it yet');
        world.deliveries.resend(newest.id);
      },
    },
    cabinet,
    forge: (body) => {
      app.forge(body);
    },
  };
}

/** A bill is paid once; a shop that made a second one of the same payment can be paid twice. */
function payTwice(app: CryptoApp, id: string): void {
  const invoice = app.invoice(id);
  const other = app.book
    .group(invoice.payload)
    .find((each) => each.id !== id && each.status === 'active');
  if (other === undefined) {
    throw new ActRefused('the shop made no second bill of this payment, and one is paid once');
  }
  if (invoice.status === 'active') app.pay(id);
  app.pay(other.id);
}

function asBill(app: CryptoApp, invoice: Invoice): Bill {
  const { price } = invoice;
  const currency: Currency = price.kind === 'fiat' ? price.fiat : price.asset;
  const asked = parseMajor(price.amount, currency);
  const nothing = formatMajor(money(0n, currency));
  const value = formatMajor(asked);
  return {
    id: invoice.id,
    reference: invoice.payload,
    order: invoice.payload,
    state: STATES[invoice.status],
    status: invoice.status,
    amount: { value, currency },
    taken: invoice.status === 'paid' ? value : nothing,
    returned: nothing,
    createdAt: invoice.createdAt,
    checkoutUrl: app.checkoutUrl(invoice.id),
    description: invoice.description,
    returnUrl: invoice.button?.url,
    payAt: invoice.payAt,
    deadlineAt: invoice.status === 'active' ? invoice.deadlineAt : undefined,
  };
}
