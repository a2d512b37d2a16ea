import { ProductWire } from '../wire.ts';
import { exampleIds } from './shapes.ts';
import { endpoint } from './endpoint.ts';

export const product = {
  read: endpoint({
    method: 'GET',
    path: '/api/v1/product',
    permission: 'public',
    about: 'What is sold here: words, plans and prices.',
    answer: ProductWire,
    example: {
      answer: {
        slug: '2getpro',
        name: { ru: '2GETPRO', en: '2GETPRO' },
        promise: { ru: 'Спокойный доступ', en: 'Calm access' },
        proof: { ru: 'До трёх устройств', en: 'Up to three devices' },
        hue: 300,
        languages: ['ru', 'en'],
        botUrl: 'https://t.me/example_bot',
        supportUrl: 'https://t.me/example_support',
        connect: [
          {
            platform: 'ios',
            name: 'iPhone, iPad',
            app: 'Happ',
            installUrl: 'https://apps.example/happ',
            deepLink: 'happ://add/{link}',
          },
        ],
        questions: [],
        plans: [
          {
            id: exampleIds.plan,
            code: 'month',
            version: 4,
            title: { ru: '1 месяц', en: '1 month' },
            termDays: 30,
            devices: 3,
            trafficBytes: '107374182400',
            prices: [{ minor: '19900', currency: 'RUB' }],
          },
        ],
      },
    },
  }),
} as const;
