/** The simulated chat page as a customer's hands use it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The promise is two seconds; the machine that runs the tests may be busy with other things. */
const PATIENCE_MS = 30_000;

export interface Chat {
  readonly phone: Locator;
  /** Presses the newest button with this label and waits, as eyes do, for the screen to change. */
  press(label: RegExp): Promise<void>;
  /** Presses the newest link with this label: its page opens inside the phone. */
  open(label: RegExp): Promise<void>;
  /** Closes the page inside the phone, if it has not closed itself. */
  close(): Promise<void>;
  /** Waits for the newest bubble with this text. */
  reads(text: RegExp): Promise<string>;
  /** The payment page inside the phone. */
  checkout(act: string): Promise<void>;
}

/** The phone of one person on an open chat page; START is pressed for them. */
export async function meet(page: Page, personId: number): Promise<Chat> {
  const phone = page.locator(`[data-testid=phone][data-person="${String(personId)}"]`);
  await phone.getByTestId('start').click();
  return chatIn(phone);
}

function chatIn(phone: Locator): Chat {
  const newest = (label: RegExp): Locator =>
    phone.getByTestId('button').filter({ hasText: label }).last();
  const screen = async (): Promise<string> =>
    JSON.stringify([
      await phone.getByTestId('bubble').allTextContents(),
      await phone.getByTestId('button').allTextContents(),
    ]);
  return {
    phone,
    async press(label) {
      const before = await screen();
      await newest(label).click({ timeout: PATIENCE_MS });
      await expect.poll(screen, { timeout: PATIENCE_MS }).not.toBe(before);
    },
    async open(label) {
      await newest(label).click({ timeout: PATIENCE_MS });
      await phone.getByTestId('sheet').waitFor({ timeout: PATIENCE_MS });
    },
    async close() {
      const sheet = phone.getByTestId('sheet-close');
      if (await sheet.isVisible()) await sheet.click();
    },
    async reads(text) {
      const bubble = phone.getByTestId('bubble').filter({ hasText: text }).last();
      await bubble.waitFor({ timeout: PATIENCE_MS });
      return (await bubble.textContent()) ?? '';
    },
    async checkout(act) {
      const frame = phone.locator('iframe').contentFrame();
      await frame.getByTestId(act).first().click({ timeout: PATIENCE_MS });
    },
  };
}
