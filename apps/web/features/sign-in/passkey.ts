/** Passkeys in a browser: the question of the server to the person's keys, and the answer back. */
import type { API } from '@opora/contracts';
import type { z } from 'zod';

type Question = z.output<(typeof API.session.askPasskey)['answer']>;
type Answer = z.input<NonNullable<(typeof API.session.passkey)['body']>>;
type NewKey = z.input<NonNullable<(typeof API.account.addPasskey)['body']>>['answer'];

/** The library is loaded when somebody presses: pages that nobody presses on stay light. */
const library = () => import('@simplewebauthn/browser');

/** Undefined: the person chose none, or this browser has none for this address. */
export async function answerWithKey(asked: Question): Promise<Answer | undefined> {
  try {
    const { startAuthentication } = await library();
    const optionsJSON = asked as never; // made by the same library on the server
    return (await startAuthentication({ optionsJSON })) as Answer; // JSON of one standard
  } catch {
    return undefined;
  }
}

/** As above, for a new key. */
export async function makeKey(asked: Question): Promise<NewKey | undefined> {
  try {
    const { startRegistration } = await library();
    const optionsJSON = asked as never; // as above
    return (await startRegistration({ optionsJSON })) as NewKey; // what is absent is left out of JSON
  } catch {
    return undefined;
  }
}
