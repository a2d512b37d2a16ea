import {
  API,
  moneyFromWire,
  STAFF_ROLES,
  type MoneyWire,
  type PlanVersionWire,
  type SessionWire,
} from '@opora/contracts';
import { formatMajor, type Language } from '@opora/kernel';
import { ConfirmAct } from './confirm-act.tsx';
import type { ActField, Wish } from './act-fields.ts';
import { stepField, textFields, timeFields, toldFields } from './announcement-fields.ts';
import { may } from './sections.ts';
import { actWords, type ActName } from './words/acts.ts';
import { breakerWords } from './words/breakers.ts';
import { shellWords } from './words/shell.ts';

type Props = Readonly<{
  act: ActName;
  /** What the page knows already; the rest is asked in the dialog. */
  wish: Wish;
  session: SessionWire;
  language: Language;
  /** For a refund: what is left to give back; for a payment by hand: the price. */
  refundable?: MoneyWire;
  /** For a grant: what may be given. */
  plans?: readonly Pick<PlanVersionWire, 'id' | 'title'>[];
  /** For a new version: the one it follows. */
  plan?: PlanVersionWire;
}>;

const DAYS_DEFAULT = '7';
const DAY_MS = 86_400_000;
const GIBIBYTE = 1024n ** 3n;
const DANGEROUS: ReadonlySet<ActName> = new Set([
  'ban',
  'signOutEverybody',
  'revoke',
  'refund',
  'disable',
  'switchOff',
  'rejectPayment',
  'refundByHand',
  'extendAll',
  'undoExtendAll',
]);

/** An act of staff: shown to those who have the right, asked twice, told in the audit. */
export function ActButton(props: Props) {
  const { act, wish, session, language } = props;
  const endpoints = API.acts[act];
  if (!may(session, endpoints.perform.permission as Parameters<typeof may>[1])) return null; // an act's right is one of staff
  return (
    <ConfirmAct
      label={actWords[language].buttons[act]}
      isDangerous={DANGEROUS.has(act)}
      previewPath={endpoints.preview.path}
      performPath={endpoints.perform.path}
      isPlan={act === 'publish'}
      wish={wish}
      fields={fieldsOf(props)}
      language={language}
      words={actWords[language]}
    />
  );
}

function fieldsOf({ act, language, refundable, plans = [], plan }: Props): readonly ActField[] {
  const { fields } = actWords[language];
  const days: ActField = {
    kind: 'whole',
    name: 'days',
    label: fields.days,
    value: DAYS_DEFAULT,
    most: 3660,
  };
  switch (act) {
    case 'message':
      return [{ kind: 'long', name: 'text', label: fields.text, value: '' }];
    case 'extend':
      return [days];
    case 'grant':
      return [planField(plans, language), days];
    case 'enterForPlan':
      return [planField(plans, language), ...paperFields(refundable, language)];
    case 'enterPayment':
    case 'refundByHand':
      return paperFields(refundable, language);
    case 'extendAll': {
      const hours = { name: 'endedHours', label: fields.endedHours, value: '0', most: 336 };
      return [
        { ...days, value: '3', most: 31 },
        { kind: 'whole', ...hours },
      ];
    }
    case 'refund':
      return [
        amountField(refundable, language),
        {
          ...{ kind: 'choice', name: 'target', label: fields.target, value: 'provider' },
          options: Object.entries(actWords[language].targets),
        },
      ];
    case 'adjust':
      return [
        {
          ...{ kind: 'choice', name: 'direction', label: fields.direction, value: 'credit' },
          options: Object.entries(actWords[language].directions),
        },
        { kind: 'money', name: 'amount', label: fields.amount, value: '', currency: 'RUB' },
      ];
    case 'invite':
      return [{ kind: 'email', name: 'email', label: fields.email, value: '' }, role(language)];
    case 'setRole':
      return [role(language)];
    case 'reconcile':
      return [{ kind: 'date', name: 'day', label: fields.day, value: yesterday() }];
    case 'forceBreaker':
      return forceFields(language);
    case 'tellIncident':
      return toldFields(language);
    case 'planMaintenance':
      return [...toldFields(language), ...timeFields(language)];
    case 'updateIncident':
      return [stepField(language), ...textFields(language)];
    case 'publish':
      return plan === undefined ? [] : planFields(plan, language);
    default:
      return [];
  }
}

function forceFields(language: Language): readonly ActField[] {
  const { fields, positions } = breakerWords[language];
  return [
    {
      ...{ kind: 'choice', name: 'position', label: fields.position, value: 'open' },
      options: Object.entries(positions),
    },
    { kind: 'whole', name: 'minutes', label: fields.minutes, value: '30', most: 1440 },
  ];
}

/** In UTC, as books are compared: the newest day that is over. */
function yesterday(): string {
  return new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
}

function planField(plans: NonNullable<Props['plans']>, language: Language): ActField {
  const options = plans.map(({ id, title }) => [id, title[language]] as const);
  const { planId: label } = actWords[language].fields;
  return { kind: 'choice', name: 'planId', label, value: options[0]?.[0] ?? '', options };
}

function amountField(sum: MoneyWire | undefined, language: Language): ActField {
  const { currency } = sum ?? { currency: 'RUB' };
  const value = sum === undefined ? '' : formatMajor(moneyFromWire(sum));
  const { amount: label } = actWords[language].fields;
  return { kind: 'money', name: 'amount', label, value, currency };
}

/** The sum and the paper that proves it. */
function paperFields(sum: MoneyWire | undefined, language: Language): readonly ActField[] {
  const { fields, documents } = actWords[language];
  return [
    amountField(sum, language),
    {
      ...{ kind: 'choice', name: 'documentKind', label: fields.documentKind, value: 'transfer' },
      options: Object.entries(documents),
    },
    { kind: 'text', name: 'documentNumber', label: fields.documentNumber, value: '' },
  ];
}

function role(language: Language): ActField {
  const options = STAFF_ROLES.map((name) => [name, shellWords[language].roles[name]] as const);
  const label = actWords[language].fields.role;
  return { kind: 'choice', name: 'role', label, value: 'support', options };
}

/** The running version as the start of the next one; a price field per currency it is sold in. */
function planFields(plan: PlanVersionWire, language: Language): readonly ActField[] {
  const { fields } = actWords[language];
  const traffic = (BigInt(plan.trafficBytes) / GIBIBYTE).toString();
  const whole = { kind: 'whole', most: 100_000 } as const;
  return [
    { kind: 'text', name: 'titleRu', label: fields.titleRu, value: plan.title.ru },
    { kind: 'text', name: 'titleEn', label: fields.titleEn, value: plan.title.en },
    { ...whole, name: 'termDays', label: fields.termDays, value: String(plan.termDays) },
    { ...whole, name: 'devices', label: fields.devices, value: String(plan.devices) },
    { ...whole, name: 'trafficGb', label: fields.trafficGb, value: traffic },
    ...plan.prices.map((price): ActField => ({
      kind: 'money',
      name: `price-${price.currency}`,
      label: `${fields.price}, ${price.currency}`,
      value: formatMajor(moneyFromWire(price)),
      currency: price.currency,
    })),
  ];
}
