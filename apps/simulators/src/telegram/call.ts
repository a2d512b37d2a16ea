import type { Params } from './params.ts';

/** One call of a Bot API method; `gone` aborts when the caller hangs up. */
export type Call = Readonly<{ params: Params; gone: AbortSignal }>;

/** What the API answers: the result, and now and then a sentence beside it. */
export type Result = Readonly<{ result: unknown; description?: string }>;

export type Method = (call: Call) => Result | Promise<Result>;

/** By lower-cased name: Telegram does not tell `sendMessage` from `sendmessage`. */
export type Methods = Readonly<Record<string, Method>>;

export const done: Result = { result: true };
