import type { World } from '../../world.ts';
import { Digits, type Message, writeMessage } from '../exact-json.ts';
import { tokenOf } from './token.ts';
import type { Payment, Status } from './payment.ts';
import type { Terminal } from './settings.ts';

/** What the vendor must read to stop repeating: capitals, nothing around them. */
const RECEIVED = 'OK';
const JSON_TYPE = { 'content-type': 'application/json' };
const TOLD: readonly Status[] = [
  'AUTHORIZED',
  'CONFIRMED',
  'PARTIAL_REVERSED',
  'REVERSED',
  'CANCELED',
  'PARTIAL_REFUNDED',
  'REFUNDED',
  'REJECTED',
];
/** The card the simulated buyers have. */
export const CARD = { Pan: '220138******0013', ExpDate: '1230' };

/** One binding, one id. */
export const cardIdOf = ({ id }: Payment): string => `9${id.slice(-8)}`;

export interface Notices {
  /** Tells of the payment's status, when this vendor tells of it; `amount` in kopecks. */
  tell(payment: Payment, amount?: number): void;
  /** The fiscal notice: not a payment status, and signed as the others. */
  tellReceipt(payment: Payment): void;
  forge(body: string): void;
  resend(paymentId: string): boolean;
}

export function createNotices(world: World, terminal: Terminal): Notices {
  const { terminalKey, password } = world.config.payments.tkassa;

  function send(payment: Payment, message: Message): void {
    const { notificationUrl, repeatsMs } = terminal.settings();
    world.deliveries.send({
      target: 'tkassa',
      about: payment.id,
      url: payment.notificationUrl ?? notificationUrl,
      headers: JSON_TYPE,
      body: writeMessage({ ...message, Token: tokenOf(message, password) }),
      repeatsMs,
      accepts: { body: RECEIVED },
    });
  }

  return {
    tell(payment, amount = payment.amount) {
      const { status } = payment;
      const { dataInNotices, expiryNotices } = terminal.settings();
      if (!TOLD.includes(status) && !(status === 'DEADLINE_EXPIRED' && expiryNotices)) return;
      const { rebillId, errorCode } = payment;
      send(payment, {
        ...headOf(terminalKey, payment),
        Success: status !== 'REJECTED',
        Status: status,
        ErrorCode: errorCode,
        Amount: new Digits(String(amount)),
        ...(payment.left > 0 || payment.taken > 0
          ? { CardId: new Digits(cardIdOf(payment)), ...CARD }
          : {}),
        RebillId: rebillId === undefined ? undefined : new Digits(rebillId),
        Data: dataInNotices ? payment.data : undefined,
      });
    },
    tellReceipt(payment) {
      send(payment, {
        ...headOf(terminalKey, payment),
        ...fiscalFacts(payment, world.clock.now()),
        Success: true,
        Status: 'RECEIPT',
        ErrorCode: '0',
        Amount: new Digits(String(payment.amount)),
      });
    },
    forge(body) {
      world.deliveries.send({
        target: 'tkassa',
        url: terminal.settings().notificationUrl,
        headers: JSON_TYPE,
        body,
        repeatsMs: [],
        accepts: { body: RECEIVED },
      });
    },
    resend(paymentId) {
      const newest = world.deliveries.list('tkassa').findLast(({ about }) => about === paymentId);
      if (newest !== undefined) world.deliveries.resend(newest.id);
      return newest !== undefined;
    },
  };
}

/** `PaymentId` is a number in notices and a text in answers. */
const headOf = (terminalKey: string, payment: Payment): Message => ({
  TerminalKey: terminalKey,
  OrderId: payment.orderId,
  PaymentId: new Digits(payment.id),
  CustomerKey: payment.customerKey,
});

const fiscalFacts = (payment: Payment, at: Date): Message => ({
  FiscalNumber: new Digits('12'),
  ShiftNumber: new Digits('3'),
  ReceiptDatetime: at.toISOString(),
  FnNumber: '7380440700076549',
  EcrRegNumber: '0001234567012345',
  FiscalDocumentNumber: new Digits('1201'),
  FiscalDocumentAttribute: new Digits('3254106401'),
  Type: 'IncomeReceipt',
  Ofd: 'ofd.example',
  Url: 'https://ofd.example/r/1',
  QrCodeUrl: 'https://ofd.example/q/1',
  Receipt: payment.receipt,
});
