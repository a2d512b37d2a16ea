import { describe, expect, it } from 'vitest';
import { problemsPage } from './problems-page.ts';
import { isProblemCode, PROBLEMS, problemStatus } from './problems.ts';

describe('the table of problems', () => {
  it('is what the reference page says', async () => {
    await expect(problemsPage()).toMatchFileSnapshot('../../../docs/reference/problems.md');
  });

  it('names each code after a module and a fact, and explains it in both languages', () => {
    for (const [code, entry] of Object.entries(PROBLEMS)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/);
      expect(entry.title.ru).toMatch(/[а-яё]/i);
      expect(entry.title.en).not.toMatch(/[а-яё]/i);
      expect(entry.check.endsWith('.')).toBe(true);
    }
  });

  it('answers with the status of the kind unless HTTP has an exacter one', () => {
    expect(problemStatus('payments.not_found')).toBe(404);
    expect(problemStatus('http.method_not_allowed')).toBe(405);
    expect(isProblemCode('toString')).toBe(false);
  });
});
