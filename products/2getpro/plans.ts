import { money } from '@opora/kernel';

/** Devices at once, and bytes a month (0 is unlimited): the same in every term. */
const common = { devices: 3, trafficBytes: 0n };

export const plans = [
  {
    ...common,
    code: 'month-1',
    title: { ru: '1 месяц', en: '1 month' },
    termDays: 30,
    prices: [money(199_00n, 'RUB'), money(2_49n, 'USD'), money(150n, 'XTR')],
  },
  {
    ...common,
    code: 'month-3',
    title: { ru: '3 месяца', en: '3 months' },
    termDays: 90,
    prices: [money(537_00n, 'RUB'), money(6_69n, 'USD'), money(400n, 'XTR')],
  },
  {
    ...common,
    code: 'month-12',
    title: { ru: '12 месяцев', en: '12 months' },
    termDays: 365,
    prices: [money(1788_00n, 'RUB'), money(22_29n, 'USD'), money(1_350n, 'XTR')],
  },
];
