/** What Telegram would say, signed with the token of the test's own bot. */
import { createHash, createHmac } from 'node:crypto';
import { BOT_TOKEN } from './world.ts';

export type Said = Readonly<{ id: number; name?: string; at: Date; token?: string }>;

let words = 0;
/** Telegram never says one thing twice: each of its words has something of its own. */
const own = (): string => String((words += 1));

const linesOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('\n');
const secondsOf = (at: Date): string => String(Math.floor(at.getTime() / 1000));

export function initDataOf({ id, name = 'Olga', at, token = BOT_TOKEN }: Said): string {
  const user = JSON.stringify({ id, first_name: name, username: `u${String(id)}` });
  const fields = { auth_date: secondsOf(at), query_id: own(), user };
  const secret = createHmac('sha256', 'WebAppData').update(token).digest();
  const hash = createHmac('sha256', secret).update(linesOf(fields)).digest('hex');
  return new URLSearchParams({ ...fields, hash }).toString();
}

export function loginOf({
  id,
  name = 'Olga',
  at,
  token = BOT_TOKEN,
}: Said): Record<string, string> {
  const fields = { id: String(id), first_name: name, auth_date: secondsOf(at), photo_url: own() };
  const secret = createHash('sha256').update(token).digest();
  return { ...fields, hash: createHmac('sha256', secret).update(linesOf(fields)).digest('hex') };
}
