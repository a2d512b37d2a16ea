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
  style?: string;
}>;

export type InlineKeyboard = readonly (readonly InlineButton[])[];

export type Message = Readonly<{
  message_id: number;
  from: User;
  chat: Chat;
  date: number;
  edit_date?: number;
  text: string;
  entities?: readonly Entity[];
  reply_markup?: Readonly<{ inline_keyboard: InlineKeyboard }>;
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
  | Readonly<{ my_chat_member: ChatMemberUpdated }>;

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
