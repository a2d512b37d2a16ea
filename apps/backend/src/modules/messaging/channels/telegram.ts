/** Messages through the Telegram bot: words of the product, buttons that lead back into the bot. */
import {
  isBlockedByPerson,
  sendHtml,
  TelegramRefused,
  TelegramUnavailable,
  type Keyboard,
  type TelegramApi,
} from '../../../platform/telegram/index.ts';
import { MissingWords, type Words } from '../../../platform/words/index.ts';
import type { Channel } from '../channel.ts';
import { ChannelUnavailable } from '../errors.ts';

/** A button under a fact: its key among the words and the tap the bot understands. */
type FactButton = Readonly<{ label: string; tap: string; style?: 'primary' }>;

const MENU: FactButton = { label: 'menu', tap: '1!menu' };
const SUBSCRIPTION: FactButton = { label: 'mySubscription', tap: '1!subscription' };
const BALANCE: FactButton = { label: 'balance', tap: '1!balance' };
const SUPPORT: FactButton = { label: 'support', tap: '1!support' };

/**
 * Facts and what can be done about them, row by row. A tap here opens a new message (`!`): the fact
 * with its link stays where it is.
 */
export const FACT_BUTTONS: Readonly<Record<string, readonly (readonly FactButton[])[]>> = {
  paid: [
    [{ label: 'connectDevice', tap: '1!connect', style: 'primary' }],
    [{ label: 'myAccount', tap: '1!account' }],
    [MENU],
  ],
  extended: [[SUBSCRIPTION], [MENU]],
  'paid.preparing': [
    [{ label: 'check', tap: '1!subscription', style: 'primary' }, SUPPORT],
    [MENU],
  ],
  twice: [[BALANCE], [SUPPORT], [MENU]],
  late: [[BALANCE], [SUPPORT], [MENU]],
  toppedUp: [[{ label: 'plans', tap: '1!plans', style: 'primary' }], [BALANCE], [MENU]],
  'refund.balance': [[BALANCE], [MENU]],
  'staff.balance': [[BALANCE], [MENU]],
  declined: [
    [{ label: 'tryAgain', tap: '1!again', style: 'primary' }],
    [{ label: 'otherTerm', tap: '1!plans' }],
    [MENU],
  ],
  'renewal.soon': [[{ label: 'renewal', tap: '1!renewal' }], [MENU]],
  'renewal.done': [[SUBSCRIPTION], [MENU]],
  'renewal.declined': [
    [{ label: 'extend', tap: '1!plans', style: 'primary' }],
    [{ label: 'renewal', tap: '1!renewal' }],
    [MENU],
  ],
  'renewal.ended': [
    [{ label: 'extend', tap: '1!plans', style: 'primary' }],
    [SUBSCRIPTION],
    [MENU],
  ],
  refund: [[SUPPORT], [MENU]],
  'access.refunded': [[SUBSCRIPTION], [SUPPORT], [MENU]],
  'access.disputed': [[SUBSCRIPTION], [SUPPORT], [MENU]],
  'access.restored': [[SUBSCRIPTION], [MENU]],
  expiring: [[{ label: 'extend', tap: '1!plans', style: 'primary' }], [MENU]],
  'away.extended': [[SUBSCRIPTION], [MENU]],
  'away.returned': [[SUBSCRIPTION], [MENU]],
  'staff.extended': [[SUBSCRIPTION], [MENU]],
  'staff.granted': [
    [{ label: 'connectDevice', tap: '1!connect', style: 'primary' }],
    [SUBSCRIPTION],
    [MENU],
  ],
  'staff.link': [[{ label: 'connectDevice', tap: '1!connect', style: 'primary' }], [MENU]],
  'staff.revoked': [[SUPPORT], [MENU]],
  'staff.banned': [[SUPPORT]],
  'staff.unbanned': [[SUBSCRIPTION], [MENU]],
  'staff.message': [[SUPPORT], [MENU]],
  security: [[SUPPORT]],
  // Staff reads these: what to do is on the page the message names.
  'alert.silent': [],
  'alert.heard': [],
  'alert.stillCharged': [],
};

export function createTelegramChannel(deps: {
  /** Undefined: no bot is configured; messages wait. */
  api: TelegramApi | undefined;
  words: Words;
}): Channel<bigint> {
  const { api, words } = deps;
  return {
    async send({ address, language }, { template, values }) {
      if (api === undefined) throw new ChannelUnavailable('no TELEGRAM_BOT_TOKEN is set');
      const rows = FACT_BUTTONS[template];
      if (rows === undefined) return { outcome: 'refused', reason: `no message ${template}` };
      try {
        const keyboard: Keyboard = rows.map((row) =>
          row.map(({ label, tap, ...look }) => ({
            ...look,
            text: words.label(language, label),
            callback_data: tap,
          })),
        );
        const html = words.html(language, template, values);
        const id = await sendHtml(api, { chatId: address, html, keyboard });
        return { outcome: 'sent', reference: String(id) };
      } catch (error) {
        if (isBlockedByPerson(error)) return { outcome: 'blocked' };
        if (error instanceof TelegramUnavailable) throw unavailable(error);
        if (error instanceof TelegramRefused || error instanceof MissingWords) {
          return { outcome: 'refused', reason: error.message };
        }
        throw error;
      }
    },
  };
}

function unavailable(cause: TelegramUnavailable): ChannelUnavailable {
  const wait = cause.retryAfterMs === undefined ? {} : { retryAfterMs: cause.retryAfterMs };
  return new ChannelUnavailable(cause.message, { cause, ...wait });
}
