import { redirect, type Answer, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { MANNERS, type Box } from '../box.ts';
import { ACTS } from '../control.ts';
import { befall } from '../events.ts';
import { LIST_PATH, listPage } from './list-page.ts';
import { mailHtml, mailPage } from './mail-page.ts';
import { languageOf } from './words.ts';

/** The pages for people: the mailbox, one mail, and the buttons on both. */
export function registerPages(router: Router, world: World, box: Box): void {
  const fieldsOf = (request: Request): URLSearchParams => new URLSearchParams(String(request.body));
  const backTo = (path: string, request: Request): Answer =>
    redirect(`${path}?lang=${languageOf(request)}`);

  router.on('GET', '/mail', () => redirect(LIST_PATH));
  router.on('GET', LIST_PATH, (request) => listPage(box, request));
  router.on('GET', '/mail/view/:id', (request) => mailPage(box, request));
  router.on('GET', '/mail/html/:id', (request) => mailHtml(box, request));
  router.on('POST', '/mail/view/:id/events', (request) => {
    const mail = box.find(request.params['id'] ?? '');
    const fate = ACTS.find((each) => each === fieldsOf(request).get('event'));
    if (mail !== undefined && fate !== undefined) befall(world, box, { mail, fate });
    return backTo(`/mail/view/${mail?.id ?? ''}`, request);
  });
  router.on('POST', '/mail/manners', (request) => {
    const fields = fieldsOf(request);
    const manner = MANNERS.find((each) => each === fields.get('manner'));
    const address = (fields.get('address') ?? '').trim();
    if (address !== '') box.setManner(address, manner);
    return backTo(LIST_PATH, request);
  });
}
