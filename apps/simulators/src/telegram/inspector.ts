import type { JournalEntry } from '../journal.ts';
import { ActRefused } from '../providers/till.ts';
import type { World } from '../world.ts';
import type { Update } from './bot-api.ts';
import type { Hub } from './hub.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Webhook } from './webhook.ts';

/** Updates already taken that can still be sent again. */
const REMEMBERED = 2_000;
const LATE_MS = 3_000;

type Past = Readonly<{ update: Update; chatId: number }>;

/** What the inspector of the page shows and can do with updates of the past. */
export interface Inspector {
  entries(): (JournalEntry & { at: string; number: number })[];
  /**
   * Sends a taken update once more beside the queue: `again`, `twice` (at the same time), `late`
   * (after 3 s) or `out-of-order` (the next one of its chat first). Answers what became of it.
   */
  send(updateId: number, how: string): Promise<string>;
  stop(): void;
}

export function createInspector(deps: {
  world: World;
  hub: Hub;
  queue: UpdateQueue;
  webhook: Webhook;
}): Inspector {
  const { world, hub, queue, webhook } = deps;
  const past = new Map<number, Past>();
  queue.onTaken(({ update, chatId }) => {
    past.set(update.update_id, { update, chatId });
    const [oldest] = past.keys();
    if (oldest !== undefined && past.size > REMEMBERED) past.delete(oldest);
  });
  const forget = world.journal.watch((entry) => {
    if (entry.target === 'telegram') hub.tell('journal', entry);
  });
  const send = ({ update, chatId }: Past): Promise<string> => webhook.sendBeside(update, chatId);

  return {
    entries: () => world.journal.list('telegram'),
    async send(updateId, how) {
      const row = past.get(updateId);
      if (row === undefined) throw new ActRefused(`update ${String(updateId)} is not remembered`);
      if (how === 'again') return send(row);
      if (how === 'twice') return (await Promise.all([send(row), send(row)])).join(', ');
      if (how === 'late') {
        await world.clock.sleep(LATE_MS);
        return send(row);
      }
      if (how !== 'out-of-order') throw new ActRefused(`cannot send ${how}`);
      const next = past
        .values()
        .find((each) => each.chatId === row.chatId && each.update.update_id > updateId);
      if (next === undefined) throw new ActRefused('this chat has no later update yet');
      const first = await send(next);
      return [first, await send(row)].join(', ');
    },
    stop: forget,
  };
}
