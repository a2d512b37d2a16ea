/** A page of the simulated vendors without a browser: its forms as they stand, sent as a browser would. */

export type OpenPage = Readonly<{ url: string; html: string }>;

/** Follows a link to its page, as a buyer's browser does. */
export async function openPage(url: string): Promise<OpenPage> {
  return pageOf(await fetch(url));
}

export function offers({ html }: OpenPage, testId: string): boolean {
  return html.includes(`data-testid="${testId}"`);
}

/** What the page says became of the bill: `paid`, `open`; undefined while it asks to be paid. */
export function resultOf({ html }: OpenPage): string | undefined {
  return /data-testid="result" data-state="(\w+)"/.exec(html)?.[1];
}

/** Presses a button in its form, with `typed` in the form's fields; answers the page that follows. */
export async function press(
  page: OpenPage,
  testId: string,
  typed: Readonly<Record<string, string>> = {},
): Promise<OpenPage> {
  const form = tagsWith(page.html, 'form').find((one) => one.includes(`data-testid="${testId}"`));
  const button = tagsWith(form ?? '', 'button').find((one) =>
    one.includes(`data-testid="${testId}"`),
  );
  if (form === undefined || button === undefined) throw new Error(`${page.url} has no ${testId}`);
  const inputs = form.match(/<(?:input|select)[^>]*>/g) ?? [];
  const fields = [...inputs, button].map((tag) => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ]);
  const action = new URL(attribute(form, 'action'), page.url);
  const body = new URLSearchParams({ ...Object.fromEntries(fields), ...typed });
  return pageOf(await fetch(action, { method: 'POST', body }));
}

async function pageOf(answer: Response): Promise<OpenPage> {
  const html = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${String(answer.status)}`);
  return { url: answer.url, html };
}

function tagsWith(html: string, name: 'form' | 'button'): string[] {
  return html.match(new RegExp(`<${name}[^>]*>.*?</${name}>`, 'gs')) ?? [];
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
