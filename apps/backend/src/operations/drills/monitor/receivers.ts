/** The real receiving ends of alerts: the chat of staff and a mailbox, and the monitor's own journal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SimulatedWorld } from '../simulated-world.ts';

export const CHAT_ID = 4_242;
export const MAILBOX = 'duty@example.com';

const incident = z.object({
  id: z.string(),
  subject: z.string(),
  kind: z.string(),
  detail: z.string(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
});
export type JournalEntry = z.infer<typeof incident>;

/** One alert as it was read. `what`: told as an opening, anything while it lasts, or as an end. */
export type ReadAlert = Readonly<{
  channel: 'telegram' | 'mail';
  incidentId: string;
  what: 'opened' | 'worse' | 'recovered';
  atMs: number;
}>;

const ID = /\bid (\d{8}-\d+)/;

export function createReceivers(home: string, world: SimulatedWorld) {
  return {
    /** Incidents of the monitor, open and closed; empty before it wrote any. */
    async journal(): Promise<JournalEntry[]> {
      const text = await readFile(join(home, 'monitor', 'state.json'), 'utf8').catch(() => '');
      if (text === '') return [];
      const list = z.array(incident);
      const state = z.object({ journal: z.object({ open: list, closed: list }) });
      const { journal } = state.parse(JSON.parse(text));
      return [...journal.open, ...journal.closed];
    },
    async alerts(): Promise<ReadAlert[]> {
      const [chat, mails] = await Promise.all([world.chat(CHAT_ID), world.mails(MAILBOX)]);
      return [
        ...chat
          .filter(({ by }) => by === 'bot')
          .flatMap(({ text, at }) => readAlert('telegram', text, at)),
        ...mails.flatMap(({ text, arrivals }) =>
          arrivals.flatMap((at) => readAlert('mail', text, Date.parse(at))),
        ),
      ];
    },
  };
}

export type Receivers = ReturnType<typeof createReceivers>;

function readAlert(channel: ReadAlert['channel'], text: string, atMs: number): ReadAlert[] {
  const incidentId = ID.exec(text)?.[1];
  if (incidentId === undefined) return [];
  const isWorse = text.includes('CRITICAL') || text.includes('still:');
  const what = text.includes('INFO') ? 'recovered' : isWorse ? 'worse' : 'opened';
  return [{ channel, incidentId, what, atMs }];
}
