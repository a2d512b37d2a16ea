import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { rehearse as rehearseAny, type Rehearsal as Common, type Reply } from '../rehearsal.ts';
import { createTkassa } from './index.ts';
import { type Message, readMessage, writeMessage } from '../exact-json.ts';
import { tokenOf } from './token.ts';

export type { Reply } from '../rehearsal.ts';

/** A simulated T-Kassa for tests, with its own way of being called and of telling. */
export interface Rehearsal extends Omit<Common, 'notified'> {
  /** Calls a method of the Merchant API, signed as the terminal unless `Token` is given. */
  api(method: string, fields: Message): Promise<Reply>;
  /** What control makes people do. */
  act(id: string, name: string, wish?: object): Promise<Reply>;
  /** Moves time until one more notice was tried; answers it, numbers as they were written. */
  notified(): Promise<Message>;
}

export async function rehearse(options: { folder?: string } = {}): Promise<Rehearsal> {
  const vendor = await rehearseAny({ ...options, create: createTkassa, usual: 'OK' });
  const { terminalKey, password } = SIMULATED_KEYS.tkassa;
  return {
    ...vendor,
    api(method, fields) {
      const message = { TerminalKey: terminalKey, ...fields };
      // Signed as the bytes are read, because a number is its own text.
      const read = readMessage(Buffer.from(writeMessage(message))) ?? {};
      const body = JSON.parse(
        writeMessage({ Token: tokenOf(read, password), ...message }),
      ) as object; // written one line above
      return vendor.visit('POST', `/tkassa/v2/${method}`, body);
    },
    act: (id, name, wish) => vendor.visit('POST', `/tkassa/control/payments/${id}/${name}`, wish),
    notified: async () => readMessage(Buffer.from((await vendor.notified()).body)) ?? {},
  };
}
