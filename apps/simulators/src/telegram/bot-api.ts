/**
 * The objects of the Bot API that this simulator speaks, named as Telegram names them: they cross
 * the wire as they stand.
 */
export type User = Readonly<{
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
  is_premium?: true;
}>;

export type Chat = Readonly<{ id: number; type: 'private'; first_name: string; username?: string }>;

/** `offset` and `length` count UTF-16 code units, as everywhere in the Bot API. */
export type Entity = Readonly<{
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  custom_emoji_id?: string;
}>;

export type InlineButton = Readonly<{
  text: string;
  callback_data?: string;
  url?: string;
  web_app?: Readonly<{ url: string }>;
  copy_text?: Readonly<{ text: string }>;
  /** The button of an invoice; the first one of its message. */
  pay?: true;
  style?: string;
}>;

export type InlineKeyboard = readonly (readonly InlineButton[])[];

export type Message = Readonly<{
  message_id: number;
  from: User;
  chat: Chat;
  date: number;
  edit_date?: number;
  /** Absent in an invoice and in a service message. */
  text?: string;
  entities?: readonly Entity[];
  reply_markup?: Readonly<{ inline_keyboard: InlineKeyboard }>;
  invoice?: InvoiceCard;
  successful_payment?: SuccessfulPayment;
  refunded_payment?: RefundedPayment;
}>;

/** `total_amount` is whole Stars, here and below. */
export type InvoiceCard = Readonly<{
  title: string;
  description: string;
  start_parameter: string;
  currency: 'XTR';
  total_amount: number;
}>;

export type SuccessfulPayment = Readonly<{
  currency: 'XTR';
  total_amount: number;
  invoice_payload: string;
  /** Of a subscription: seconds, when the paid time ends. */
  subscription_expiration_date?: number;
  is_recurring?: true;
  is_first_recurring?: true;
  telegram_payment_charge_id: string;
  provider_payment_charge_id: string;
}>;

export type RefundedPayment = Readonly<{
  currency: 'XTR';
  total_amount: number;
  invoice_payload: string;
  telegram_payment_charge_id: string;
}>;

export type PreCheckoutQuery = Readonly<{
  id: string;
  from: User;
  currency: 'XTR';
  total_amount: number;
  invoice_payload: string;
}>;

/** A subscription in Stars changed without the bot. */
export type SubscriptionUpdated = Readonly<{
  user: User;
  invoice_payload: string;
  state: 'canceled' | 'active' | 'failed';
}>;

export type CallbackQuery = Readonly<{
  id: string;
  from: User;
  message: Message;
  chat_instance: string;
  data: string;
}>;

export type ChatMemberUpdated = Readonly<{
  chat: Chat;
  from: User;
  date: number;
  old_chat_member: Readonly<{ user: User; status: string; until_date?: number }>;
  new_chat_member: Readonly<{ user: User; status: string; until_date?: number }>;
}>;

export type UpdateContent =
  | Readonly<{ message: Message }>
  | Readonly<{ callback_query: CallbackQuery }>
  | Readonly<{ my_chat_member: ChatMemberUpdated }>
  | Readonly<{ pre_checkout_query: PreCheckoutQuery }>
  | Readonly<{ subscription: SubscriptionUpdated }>;

export type Update = Readonly<{ update_id: number }> & UpdateContent;

/** What the Bot API answers instead of a result: HTTP status, words and, for 429, the wait. */
export class ApiError extends Error {
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, description: string, retryAfterSeconds?: number) {
    super(description);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const badRequest = (what: string): ApiError => new ApiError(400, `Bad Request: ${what}`);
