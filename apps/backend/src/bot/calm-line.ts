import type { ScreenDeps, Turn } from './deps.ts';
import type { Shown } from './view.ts';

/** While an incident or a maintenance goes on, the menus say so in one calm line below. */
export async function withCalmLine(
  deps: Pick<ScreenDeps, 'announcements'>,
  { speech }: Pick<Turn, 'speech'>,
  shown: Shown,
): Promise<Shown> {
  const [newest] = await deps.announcements.current();
  if (newest === undefined) return shown;
  const title = { text: newest.title[speech.language] };
  const line =
    newest.kind === 'maintenance' && newest.to !== null
      ? speech.html('calm.maintenance', { title, until: { date: newest.to } })
      : speech.html('calm.incident', { title });
  return { ...shown, view: { ...shown.view, html: `${shown.view.html}\n\n${line}` } };
}
