/** What a crowd asks in an ordinary hour, as bytes on the wire: the generator only sends them. */
import { cookieNames, HEADERS, type SessionWire } from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import type { Config } from '../../../config/shape.ts';
import { TOKEN_NAMES } from '../../../config/session-names.ts';
import { createTokenIssuer, readKeySet } from '../../../platform/tokens/index.ts';
import { DrillRefused } from '../simulated-only.ts';
import type { Ask } from '../ask-database.ts';

export type Kind = 'read' | 'command' | 'token' | 'notice';

/** One request; `{{n}}` in it becomes a number that no other has. */
export type Wire = Readonly<{ kind: Kind; text: string }>;

/**
 * Of a hundred calls. Each notice brings a look-up at the vendor with it, which is far more work
 * than its own answer, so a mix with more of them would measure the vendor.
 */
export const MIX: Readonly<Record<Kind, number>> = { read: 80, command: 9, token: 10, notice: 1 };

/** Each does one thing; only who changes something shows the mark of the own form. */
type Person = Readonly<{ kind: Kind; cookie: string; csrf: string; address: string }>;

/** Signed-in people made in the database: signing in is another drill's matter. */
export async function makePeople(
  deps: { config: Config; clock: Clock; ids: Ids; ask: Ask },
  count: number,
): Promise<Person[]> {
  const { config, clock, ids, ask } = deps;
  const { jwtKeys } = config;
  if (jwtKeys === undefined) throw new DrillRefused('no keys');
  const made = Array.from({ length: count }, () => ({
    personId: ids.next('per'),
    sessionId: ids.next('ses'),
  }));
  await ask(
    `with given as (select * from unnest($1::text[], $2::text[]) as given (person, session)),
     people as (insert into person (id, name, language, state, created_at)
                select person, 'Drill', 'en', 'active', now() from given)
     insert into session (id, person_id, kind, amr, created_at, last_seen_at, expires_at,
                          refresh_hash, refresh_expires_at, rotated_at)
     select session, person, 'customer', 'otp', now(), now(), now() + interval '1 day',
            'drill ' || session, now() + interval '1 day', now() from given`,
    [made.map(({ personId }) => personId), made.map(({ sessionId }) => sessionId)],
  );
  const issuer = createTokenIssuer({ keys: readKeySet(jwtKeys), clock, ids, ...TOKEN_NAMES });
  const names = cookieNames({ webPort: config.ports.web, secure: false });
  const people = made.map(({ personId, sessionId }, at) => {
    const { token } = issuer.issue({ personId, sessionId, authzVersion: 1, amr: ['otp'] });
    const address = `198.18.${String(at >> 8)}.${String(at & 255)}`;
    return { cookie: `${names.access}=${token}`, address, kind: kindOf(at), csrf: '' };
  });
  const acting = people.filter(({ kind }) => kind === 'command');
  for (let at = 0; at < acting.length; at += ASKED_TOGETHER) {
    const together = acting.slice(at, at + ASKED_TOGETHER);
    await Promise.all(
      together.map(async (person) => {
        person.csrf = await csrfOf(config.gatewayUrl, person);
      }),
    );
  }
  return people;
}

const ASKED_TOGETHER = 8;

async function csrfOf(
  gatewayUrl: string,
  { cookie, address }: Pick<Person, 'cookie' | 'address'>,
): Promise<string> {
  const headers = { cookie, 'x-forwarded-for': address, 'sec-fetch-site': 'same-origin' };
  const answer = await fetch(`${gatewayUrl}/auth/session`, { headers });
  if (!answer.ok) throw new DrillRefused(`a session was answered ${String(answer.status)}`);
  const session = (await answer.json()) as SessionWire; // what this path answers by contract
  return session.csrfToken;
}

/** The mix of everybody, in the order in which it is sent, again and again. */
export function wiresOf(people: readonly Person[]): Wire[] {
  return people.map((person) => ({ kind: person.kind, text: textOf(person.kind, person) }));
}

const ROUND = Object.entries(MIX).flatMap(
  ([kind, share]) => Array<Kind>(share).fill(kind as Kind), // the keys of MIX
);

/** Spread, so that no second has only one kind: 37 has no divisor in common with 100. */
function kindOf(at: number): Kind {
  return ROUND[(at * 37) % ROUND.length] ?? 'read';
}

function textOf(kind: Kind, person: Person): string {
  switch (kind) {
    case 'read':
      return request('GET', '/api/v1/me/subscriptions', person);
    case 'token':
      return request('GET', '/auth/session', person);
    case 'command':
      return request('PUT', '/api/v1/me/language', person, '{"language":"en"}');
    case 'notice':
      return request('POST', '/webhooks/payments/yookassa', undefined, NOTICE);
  }
}

/** About a payment nobody began: kept, looked up, and shown to staff as such. */
const NOTICE = JSON.stringify({
  type: 'notification',
  event: 'payment.succeeded',
  object: { id: '2e7a1c3d-000f-5000-9000-{{n}}', status: 'succeeded' },
});
const NUMBER_DIGITS = 12;

function request(method: string, path: string, person: Person | undefined, body?: string): string {
  const length = body?.replace('{{n}}', '0'.repeat(NUMBER_DIGITS)).length;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'accept: application/json',
    ...(person === undefined
      ? []
      : [
          `cookie: ${person.cookie}`,
          `${HEADERS.csrf}: ${person.csrf}`,
          `x-forwarded-for: ${person.address}`,
          'sec-fetch-site: same-origin',
        ]),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${String(length)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}
