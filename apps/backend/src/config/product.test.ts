import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertSpeaks } from '../bot/speech.ts';
import { createWords, faultsOfLocales, placeholdersIn } from '../platform/words/index.ts';
import { FACT_BUTTONS } from '../modules/messaging/channels/telegram.ts';
import { MAIL_FORMS } from '../modules/messaging/mail-forms.ts';
import { rootFolder } from './load.ts';
import { loadProduct, productSchema } from './product.ts';

const product = await loadProduct(rootFolder, '2getpro');

describe('products/2getpro', () => {
  it('says everything in both languages, within the manners', () => {
    expect(faultsOfLocales(product.locales)).toEqual([]);
    expect(() => {
      assertSpeaks(product);
    }).not.toThrow();
  });

  it('has words and buttons for every message that is sent unasked', () => {
    const words = createWords(product);
    for (const [template, rows] of Object.entries(FACT_BUTTONS)) {
      expect(product.locales.ru.messages[template], template).toBeDefined();
      for (const row of rows) {
        for (const { label } of row) {
          expect(words.label('en', label).length).toBeLessThanOrEqual(row.length === 1 ? 28 : 14);
        }
      }
    }
  });

  it('can write as mail whatever it tells in a chat, and has a subject and a body for each', () => {
    expect(Object.keys(MAIL_FORMS)).toEqual(expect.arrayContaining(Object.keys(FACT_BUTTONS)));
    for (const language of ['ru', 'en'] as const) {
      const { messages, buttons } = product.locales[language];
      expect(messages['mail.footer']).toBeDefined();
      for (const [template, form] of Object.entries(MAIL_FORMS)) {
        const body = messages[form.body ?? template];
        expect(messages[`${template}.subject`], template).toBeDefined();
        expect(body, template).toBeDefined();
        if (form.button !== undefined) expect(buttons[form.button.label], template).toBeDefined();
      }
    }
  });

  it('has a form for whatever has a subject: a message without one is refused, and nobody told', () => {
    const told = Object.keys(product.locales.ru.messages)
      .filter((key) => key.endsWith('.subject'))
      .map((key) => key.replace(/\.subject$/, ''));
    expect(Object.keys(MAIL_FORMS).toSorted()).toEqual(told.toSorted());
    const chat = told.filter((template) => !template.startsWith('mail.'));
    expect(Object.keys(FACT_BUTTONS).toSorted()).toEqual(chat.toSorted());
  });

  it('asks a mail for the same values as the chat message it stands for', () => {
    const { messages } = product.locales.en;
    for (const [template, { body, button }] of Object.entries(MAIL_FORMS)) {
      const own = body === undefined ? undefined : messages[template];
      if (own === undefined) continue;
      const said = placeholdersIn(messages[body ?? ''] ?? '');
      // A link that the chat writes out may be the mail's button.
      const shown = button === undefined ? said : [...new Set([...said, button.link])].toSorted();
      expect([said, shown], template).toContainEqual(placeholdersIn(own));
    }
  });

  it('fits what Telegram takes as descriptions and commands', () => {
    for (const language of ['ru', 'en'] as const) {
      expect(product.description[language].length).toBeLessThanOrEqual(512);
      expect(product.shortDescription[language].length).toBeLessThanOrEqual(120);
    }
  });

  it('has a mark that takes the colour of its place', () => {
    const mark = readFileSync(join(rootFolder, 'products/2getpro/brand/mark.svg'), 'utf8');
    expect(mark).toContain('currentColor');
    expect(mark).not.toMatch(/<script|on[a-z]+=|href/i);
  });
});

describe('a product', () => {
  it('is refused whole when a field is wrong or unknown', () => {
    const wrong = { ...product, currency: 'BTC', colour: 'red', plans: [] };
    const paths = productSchema.safeParse(wrong).error?.issues.map(({ path }) => path.join('.'));
    expect(paths).toEqual(expect.arrayContaining(['currency', 'plans']));
  });

  it('needs a price in its own currency for every plan', () => {
    const result = productSchema.safeParse({ ...product, currency: 'EUR' });
    expect(result.error?.issues[0]?.message).toContain('price in the currency');
  });

  it('that does not exist is named', async () => {
    await expect(loadProduct(rootFolder, 'nothing')).rejects.toThrow('products/nothing/product.ts');
  });
});
