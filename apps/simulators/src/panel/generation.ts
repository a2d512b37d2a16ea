/**
 * The two generations of the panel that this simulator plays, told apart by the version it says it
 * has: 2.x names a user by a uuid, 3.x by a number. Both are kept for every user, so that the panel
 * may be upgraded under its users. Written from the fact sheet (its section 9 and the tables of
 * calls) and the recorded exchanges with 2.8.1.
 */
import type { Answer } from '../http.ts';
import { pathAt, userIdOf, type Call } from './gate.ts';
import { framework, validation } from './refusal.ts';
import * as is from './rules.ts';
import type { PanelState } from './state.ts';
import type { User } from './user.ts';
import { requireUser } from './users.ts';

/** Throws the answer to an unknown route when the other generation is played. */
export const onlyIn =
  (state: PanelState, generation: 2 | 3, handler: (call: Call) => Answer) =>
  (call: Call): Answer => {
    if (state.isSecond() === (generation === 2)) return handler(call);
    throw framework(404, `Cannot ${call.request.method} ${pathAt(call.request)}`);
  };

/** The user in the path, refused as the generation refuses the key of the other one. */
export function userAt(state: PanelState, call: Call, name?: string): User | undefined {
  if (!state.isSecond()) return state.users.get(userIdOf(call, name));
  const uuid = call.request.params['id'] ?? '';
  if (is.uuid(uuid) === undefined) return state.users.byUuid(uuid);
  throw validation([
    { validation: 'uuid', code: 'invalid_string', message: 'Invalid uuid', path: ['uuid'] },
  ]);
}

/** The same for calls that change something: a missing user is A025. */
export function requireUserAt(state: PanelState, call: Call): User {
  return requireUser(userAt(state, call));
}

/** How a body names the owner of a device. */
export function ownerRules(state: PanelState): is.Rules {
  return state.isSecond()
    ? { userUuid: { rule: is.uuid, required: true } }
    : { userId: { rule: is.number({ whole: true }), required: true } };
}

/** The owner a checked body names, or A025. */
export function ownerIn(state: PanelState, { userId, userUuid }: Call['body']): User {
  return requireUser(
    state.isSecond() ? state.users.byUuid(String(userUuid)) : state.users.get(Number(userId)),
  );
}
