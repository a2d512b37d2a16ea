import { type Answer, html, redirect, type Request, type Router } from '../http.ts';
import type { World } from '../world.ts';
import type { Fields } from './fields.ts';
import { BILLS_SHOWN, type Dashboard, dashboardPage, type SettingField } from './dashboard-page.ts';
import { chooseLanguage } from './page.ts';
import { ActRefused, type ActName, type Till } from './till.ts';

const DELIVERIES_SHOWN = 30;
/** Buttons of the merchant and, to see what follows, of the bank. */
const PRESSED: readonly ActName[] = ['capture', 'cancel', 'refund', 'dispute', 'win', 'lose'];

/** The merchant's page at `/<vendor>/`: what happened, and the acts a merchant has by hand. */
export function registerDashboard(
  router: Router,
  world: World,
  parts: Readonly<{ till: Till; dashboard: Dashboard }>,
): void {
  const { till, dashboard } = parts;
  const base = `/${till.id}/`;

  router.on('GET', base, (request) => {
    const all = till.bills();
    const from = Math.max(Number(request.query.get('from') ?? 0) || 0, 0);
    return html(
      dashboardPage({
        till,
        dashboard,
        language: chooseLanguage(request),
        fault: request.query.get('fault') ?? undefined,
        from,
        all,
        bills: all.toReversed().slice(from, from + BILLS_SHOWN),
        deliveries: world.deliveries.list(till.id).slice(-DELIVERIES_SHOWN).reverse(),
      }),
    );
  });
  router.on('GET', `/${till.id}`, ({ query }) => redirect(`${base}?${query.toString()}`));

  const press = (path: string, act: (id: string, fields: URLSearchParams) => void): void => {
    router.on('POST', `${base}dashboard/${path}`, (request) => {
      const work = (fields: URLSearchParams): void => {
        act(request.params['id'] ?? '', fields);
      };
      return back(base, request, work);
    });
  };
  for (const name of PRESSED) {
    const act = till.acts[name];
    if (act === undefined) continue;
    press(`payments/:id/${name}`, (id, fields) => {
      const value = fields.get('value');
      world.store.together(() => {
        act(till.bill(id).id, value === null ? {} : { value });
      });
    });
  }
  press('deliveries/:id/resend', (id) => {
    world.deliveries.resend(id);
  });
  press('settings', (_id, fields) => {
    const fault = till.cabinet.change(readSettings(fields, dashboard.fields ?? []));
    if (fault !== undefined) throw new ActRefused(fault);
  });
}

function readSettings(form: URLSearchParams, own: readonly SettingField[]): Fields {
  const waits = (form.get('repeatsMs') ?? '').split(/[\s,]+/).filter((text) => text !== '');
  const read = ({ name, kind }: SettingField): unknown => {
    if (kind === 'flag') return form.has(name);
    return kind === 'number' ? Number(form.get(name)) : form.get(name);
  };
  return {
    notificationUrl: form.get('notificationUrl'),
    repeatsMs: waits.map(Number),
    ...Object.fromEntries(own.map((field) => [field.name, read(field)])),
  };
}

function back(base: string, request: Request, act: (fields: URLSearchParams) => void): Answer {
  const query = new URLSearchParams({ lang: chooseLanguage(request) });
  try {
    act(new URLSearchParams(String(request.body)));
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    query.set('fault', error.message);
  }
  return redirect(`${base}?${query.toString()}`);
}
