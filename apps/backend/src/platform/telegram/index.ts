/**
 * The Bot API client that the bot, the messages and Stars share: grammY's typed calls over
 * one pool of undici. It knows Telegram's limits and faults, nothing of our business.
 * Promises: a call ends within 10 s (a long poll within its own wait and 10 s more); the token is in
 * the path of the request and nowhere else, not in errors, not in logs; payloads, which hold
 * people's words and links, are in no error either; nothing is repeated here. While Telegram is away a
 * call fails at once, by the breaker of its caller; a long poll waits for itself and is outside it.
 */
export { createTelegramApi, type TelegramApi } from './api.ts';
export { createBotLink } from './bot-link.ts';
export { createTelegramOidc, type TelegramOidc, type TelegramOidcConfig } from './oidc/index.ts';
export {
  isBlockedByPerson,
  isMessageGone,
  isNotModified,
  isQueryTooOld,
  isTelegramAway,
  receiverInstead,
  TelegramRefused,
  TelegramUnavailable,
} from './errors.ts';
export { proveInitData, proveLogin, type ProofKeys, type TelegramProof } from './proof.ts';
export { sendHtml, type Keyboard, type KeyboardButton } from './send-html.ts';
export { webhookUrl } from './webhook-url.ts';
