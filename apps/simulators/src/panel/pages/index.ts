import { redirect, type Answer, type Request, type Router } from '../../http.ts';
import { Refusal } from '../refusal.ts';
import { VERSIONS, type PanelState } from '../state.ts';
import { rawSubscription } from '../subscriptions.ts';
import { installVersion } from '../system.ts';
import { subscriptionPage } from './subscription-page.ts';
import { usersPage } from './users-page.ts';
import { languageOf } from './words.ts';

/** The pages for people: the list of users, and the page behind each subscription link. */
export function registerPages(router: Router, state: PanelState): void {
  router.on('GET', '/remnawave', () => redirect('/remnawave/'));
  router.on('GET', '/remnawave/', (request) => usersPage(state, request));
  router.on('POST', '/remnawave/version', (request) => chooseVersion(state, request));
  router.on('GET', '/remnawave/sub/:shortUuid', (request) =>
    wantsHtml(request) ? subscriptionPage(state, request) : appAnswer(state, request),
  );
}

/** One of the offered versions; anything else changes nothing. */
function chooseVersion(state: PanelState, request: Request): Answer {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const version = VERSIONS.find((each) => each === form.get('version'));
  if (version !== undefined) {
    state.world.store.together(() => {
      installVersion(state, version);
    });
  }
  return redirect(`/remnawave/?lang=${languageOf(request)}`);
}

const wantsHtml = (request: Request): boolean =>
  request.headers.accept?.includes('text/html') === true;

/** Apps follow the same link as people and get what the panel's own public link gives. */
function appAnswer(state: PanelState, request: Request): Answer {
  try {
    return rawSubscription(state, request);
  } catch (error) {
    if (error instanceof Refusal) return error.toAnswer(request.path, state.now());
    throw error;
  }
}
