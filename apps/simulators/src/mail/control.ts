import { json, parseJson, type Answer, type Request, type Router } from '../http.ts';
import type { World } from '../world.ts';
import { MANNERS, type Box, type Fate, type StoredMail } from './box.ts';
import { befall } from './events.ts';

/** What can be made to happen to a mail by hand. */
export const ACTS = ['bounce', 'blocked', 'spamreport', 'unsubscribe'] as const satisfies Fate[];

/** For tests, drills and the page: `/mail/messages` and `/mail/addresses`, in JSON. */
export function registerControl(router: Router, world: World, box: Box): void {
  const withMail = (request: Request, act: (mail: StoredMail) => Answer): Answer => {
    const mail = box.find(request.params['id'] ?? '');
    return mail === undefined ? json(404, { error: 'no such mail' }) : act(mail);
  };

  router.on('GET', '/mail/messages', (request) =>
    json(200, { messages: box.list(request.query.get('to') ?? '') }),
  );
  router.on('DELETE', '/mail/messages', () => {
    box.clear();
    return json(200, { messages: [] });
  });
  router.on('GET', '/mail/messages/:id', (request) => withMail(request, (mail) => json(200, mail)));
  router.on('POST', '/mail/messages/:id/events', (request) =>
    withMail(request, (mail) => {
      const fate = ACTS.find((each) => each === memberOf(request, 'event'));
      if (fate === undefined)
        return json(400, { error: `event must be one of ${ACTS.join(', ')}` });
      return json(200, befall(world, box, { mail, fate }));
    }),
  );
  router.on('GET', '/mail/addresses', () =>
    json(200, { addresses: Object.fromEntries(box.manners()) }),
  );
  router.on('PUT', '/mail/addresses/:address', (request) => {
    const manner = MANNERS.find((each) => each === memberOf(request, 'manner'));
    if (manner === undefined) {
      return json(400, { error: `manner must be one of ${MANNERS.join(', ')}` });
    }
    box.setManner(request.params['address'] ?? '', manner);
    return json(200, { addresses: Object.fromEntries(box.manners()) });
  });
  router.on('DELETE', '/mail/addresses/:address', (request) => {
    box.setManner(request.params['address'] ?? '', undefined);
    return json(200, { addresses: Object.fromEntries(box.manners()) });
  });
}

function memberOf(request: Request, name: string): unknown {
  const body = parseJson(request.body);
  return typeof body === 'object' && body !== null
    ? (body as Record<string, unknown>)[name] // any JSON object; the member is checked by the caller
    : undefined;
}
