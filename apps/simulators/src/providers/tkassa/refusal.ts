import { ActRefused } from '../till.ts';

/**
 * Error codes this simulator answers with, always under HTTP 200. The reference names few of them:
 * the numbers come from common knowledge of the vendor, and nothing may rely on more than
 * `Success: false`.
 */
export const CODES = {
  parameters: '9999',
  status: '8',
  amount: '6',
  notFound: '335',
  token: '204',
  terminal: '501',
  orderTaken: '20',
  receipt: '309',
  chargeOff: '11',
  initiator: '1126',
  noFunds: '1051',
  otherCard: '1012',
  lostCard: '1041',
  noCustomer: '7',
} as const;

const MESSAGES: Readonly<Record<keyof typeof CODES, string>> = {
  parameters: 'Неверные параметры.',
  status: 'Неверный статус транзакции.',
  amount: 'Неверная сумма.',
  notFound: 'Операция не найдена.',
  token: 'Неверный токен. Проверьте пару TerminalKey/SecretKey.',
  terminal: 'Терминал не найден.',
  orderTaken: 'Неверные параметры: OrderId уже использован.',
  receipt: 'Неверные параметры: Receipt.',
  chargeOff: 'Операция недоступна для терминала.',
  initiator: 'Неверный тип инициатора операции.',
  noFunds: 'Недостаточно средств на карте.',
  otherCard: 'Воспользуйтесь другой картой.',
  lostCard: 'Карта утеряна.',
  noCustomer: 'Неверный статус покупателя. Покупатель не найден.',
};

/** A call T-Kassa does not carry out; `details` say which field is at fault. */
export class Refusal extends ActRefused {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly title: string;
  readonly details: string;

  constructor(kind: keyof typeof CODES, details = '') {
    super(`${MESSAGES[kind]} ${details}`.trim(), kind === 'notFound');
    this.code = CODES[kind];
    this.title = MESSAGES[kind];
    this.details = details;
  }
}

export function refuse(details: string): never {
  throw new Refusal('parameters', details);
}
