import { type Answer, html, redirect, type Request, type Router } from '../../http.ts';
import { chooseLanguage } from '../../providers/page.ts';
import { ActRefused } from '../../providers/till.ts';
import type { People, Person } from '../people.ts';
import type { StarsDesk } from './desk.ts';
import type { Invoice } from './invoice.ts';
import { ENDS, outcomePage, sheetPage, type SheetView, unknownPage } from './sheet-page.ts';

const BASE = '/telegram/invoice/:id';
const MINUTE_MS = 60_000;
const LATE_MAX_MINUTES = 120;
/** A drill makes thousands of people; the newest can be chosen. */
const PEOPLE_SHOWN = 24;

type Parts = Readonly<{ desk: StarsDesk; people: People }>;

/** The payment sheet of an invoice, in a phone (`?person=`) or in a tab. Plain forms. */
export function registerSheet(router: Router, parts: Parts): void {
  const { desk } = parts;

  router.on('GET', BASE, (request) =>
    withInvoice(parts, request, (invoice, view) => {
      const { query } = request;
      const attempt = desk.attempt(query.get('attempt') ?? '');
      if (attempt?.invoiceId === invoice.id) return html(outcomePage(invoice, view, attempt));
      const end = ENDS.find((each) => each === query.get('end'));
      return html(end === undefined ? sheetPage(invoice, view) : outcomePage(invoice, view, end));
    }),
  );
  router.on('POST', BASE, (request) =>
    withInvoice(parts, request, (invoice, { language }) => {
      const fields = new URLSearchParams(String(request.body));
      const person = parts.people.get(Number(fields.get('person')));
      const step = person === undefined ? {} : play(desk, { invoice, person, fields });
      const whose = person === undefined ? {} : { person: String(person.id) };
      const query = new URLSearchParams({ lang: language, ...whose, ...step });
      return redirect(`/telegram/invoice/${invoice.id}?${query.toString()}`);
    }),
  );
}

type Pressed = Readonly<{ invoice: Invoice; person: Person; fields: URLSearchParams }>;

/** Plays the pressed button; answers the query of the page that follows. */
function play(desk: StarsDesk, { invoice, person, fields }: Pressed): Record<string, string> {
  switch (fields.get('act')) {
    case 'pay':
      return { attempt: desk.ask(person, invoice.id).id };
    case 'twice':
      desk.ask(person, invoice.id);
      return { attempt: desk.ask(person, invoice.id).id };
    case 'late': {
      const minutes = Math.min(Math.max(Number(fields.get('minutes')) || 0, 0), LATE_MAX_MINUTES);
      desk.payLater(person, invoice.id, minutes * MINUTE_MS);
      return { end: 'promised' };
    }
    case 'poor':
      return { end: 'tooFew' };
    case 'cancel':
      return { end: 'left' };
    default:
      return {};
  }
}

function withInvoice(
  { desk, people }: Parts,
  request: Request,
  show: (invoice: Invoice, view: SheetView) => Answer,
): Answer {
  const person = people.get(Number(request.query.get('person')));
  const language = chooseLanguage(request, person?.language);
  try {
    const invoice = desk.invoice(request.params['id'] ?? '');
    return show(invoice, { language, person, people: people.list().slice(-PEOPLE_SHOWN) });
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    return html(unknownPage(language), 404);
  }
}
