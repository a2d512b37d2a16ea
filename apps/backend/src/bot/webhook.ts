/** `POST /webhooks/telegram/:bot`: prove, store, 200. The work itself is done from the inbox. */
import type { Secret } from '@opora/kernel';
import { isEqualText } from '../platform/equal-text/index.ts';
import { acceptRawBodies, rawBody, Unauthenticated, type App } from '../platform/http/index.ts';
import { parseJson } from '../platform/json/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Counter } from '../platform/metrics/index.ts';
import { UpdateMalformed } from './errors.ts';
import type { Inbox } from './inbox.ts';
import { addressOf } from './incoming.ts';
import { SECRET_HEADER, type StarsDesk } from './stars.ts';

/** A plugin for the bot's listener; the gateway forwards Telegram's calls to it. */
export function createWebhook(deps: {
  botId: bigint;
  /** Undefined: the door stays shut, an open one would take updates from anybody. */
  secret: Secret | undefined;
  inbox: Inbox;
  /** Absent: everything goes to the inbox. */
  stars?: StarsDesk;
  log: Log;
  taken: Counter;
}): (app: App) => Promise<void> {
  const { botId, inbox, log } = deps;
  const [stored, duplicate] = [deps.taken.cell('stored'), deps.taken.cell('duplicate')];
  if (deps.secret === undefined) {
    log.error('no TELEGRAM_WEBHOOK_SECRET: the webhook of Telegram is closed');
  }
  const expected = deps.secret?.reveal();

  return async (app) => {
    await app.register(async (scope) => {
      acceptRawBodies(scope);
      scope.post<{ Params: { bot: string } }>(
        '/webhooks/telegram/:bot',
        { config: { permission: 'webhook' } },
        async (request, reply) => {
          const given = request.headers[SECRET_HEADER];
          const isOurs = request.params.bot === botId.toString();
          // One answer for a wrong secret and for a wrong bot: which one it was is nobody's business.
          if (!isOurs || !proves(expected, given)) {
            deps.taken.cell('refused').add();
            throw new Unauthenticated('not our Telegram');
          }
          const bytes = rawBody(request);
          const body = parseJson(bytes.toString('utf8'));
          const address = addressOf(body);
          if (address === undefined) throw new UpdateMalformed('not an update');
          const from = request.clientAddress;
          const taken = await deps.stars?.take({ body, bytes, from });
          if (taken === undefined) {
            const outcome = await inbox.store({ botId, ...address, body: JSON.stringify(body) });
            (outcome === 'stored' ? stored : duplicate).add();
          } else deps.taken.cell(taken).add();
          return reply.code(200).send({});
        },
      );
    });
  };
}

function proves(expected: string | undefined, given: string | string[] | undefined): boolean {
  return expected !== undefined && typeof given === 'string' && isEqualText(given, expected);
}
