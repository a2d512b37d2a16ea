/** Compares what the receivers read with what staff must be told. Pure. */
import { episodesOf, type Episode, type Trouble } from './model.ts';

/** One message at one receiver. */
export type Told = Readonly<{ atMs: number; channel: string; id: string; text: string }>;

export type Play = Readonly<{
  name: string;
  troubles: readonly Trouble[];
  /** Receivers were away until then; what they missed must come after it. */
  deafUntilMs: number;
}>;

export type Judged = Readonly<{
  incidents: number;
  missed: readonly string[];
  doubled: readonly string[];
  /** Told without a cause. */
  invented: readonly string[];
  /** Of the ends. */
  untoldEnds: readonly string[];
  late: readonly string[];
  /** From the moment that it must be seen at the latest to the first word of it. */
  alertMs: readonly number[];
}>;

/** From what was seen to the receiver. */
export const TOLD_WITHIN_MS = 5_000;
const WHAT = /_(opened|escalated|reminded|recovered)_/;
const SUBJECT = /<b>(?:WARNING|CRITICAL|INFO) ([^<]+)<\/b>/;

export function judgePlay(play: Play, told: readonly Told[], channels: readonly string[]): Judged {
  const each = channels.map((channel) =>
    judgeChannel(play, told.filter((one) => one.channel === channel).map(read)),
  );
  const all = (of: (judged: Judged) => readonly string[]): string[] =>
    each.flatMap(of).map((words) => `${play.name}: ${words}`);
  return {
    incidents: episodesOf(play.troubles).length,
    missed: all(({ missed }) => missed),
    doubled: all(({ doubled }) => doubled),
    invented: all(({ invented }) => invented),
    untoldEnds: all(({ untoldEnds }) => untoldEnds),
    late: all(({ late }) => late),
    alertMs: each.flatMap(({ alertMs }) => alertMs),
  };
}

type Read = Told & Readonly<{ what: string; subject: string }>;

function read(told: Told): Read {
  const what = WHAT.exec(told.id)?.[1] ?? 'unreadable';
  return { ...told, what, subject: SUBJECT.exec(told.text)?.[1] ?? 'unreadable' };
}

function judgeChannel({ troubles, deafUntilMs }: Play, told: readonly Read[]): Judged {
  const left = [...told];
  /** The first word of that kind about it, from its beginning on; it is used up. */
  const take = (what: string, { shown }: Episode, fromMs: number): Read | undefined => {
    const at = left.findIndex(
      (one) => one.what === what && one.subject === shown && one.atMs >= fromMs,
    );
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const [missed, untoldEnds, late]: string[][] = [[], [], []];
  const alertMs: number[] = [];
  const dueBy = (atMs: number): number => Math.max(atMs, deafUntilMs) + TOLD_WITHIN_MS;
  for (const episode of episodesOf(troubles)) {
    const { shown, fromMs, toMs, seenWithinMs, calmWithinMs, criticalWithinMs } = episode;
    const opened = take('opened', episode, fromMs);
    if (opened === undefined) missed?.push(`${shown} was never told`);
    else {
      alertMs.push(opened.atMs - Math.max(fromMs, deafUntilMs));
      if (opened.atMs > dueBy(fromMs + seenWithinMs)) late?.push(`${shown} was told late`);
    }
    const escalated =
      criticalWithinMs === undefined ? undefined : take('escalated', episode, fromMs);
    if (criticalWithinMs !== undefined && toMs - fromMs > criticalWithinMs) {
      if (escalated === undefined) missed?.push(`${shown} did not become critical`);
      else if (escalated.atMs > dueBy(fromMs + criticalWithinMs)) {
        late?.push(`${shown} became critical late`);
      }
    }
    const recovered = take('recovered', episode, toMs);
    if (recovered === undefined) untoldEnds?.push(`the end of ${shown} was never told`);
    else if (recovered.atMs > dueBy(toMs + calmWithinMs)) late?.push(`the end of ${shown} late`);
  }
  const ids = told.map(({ id }) => id);
  const isTwice = (one: Read): boolean =>
    ids.indexOf(one.id) !== ids.lastIndexOf(one.id) ||
    told.some((other) => other !== one && other.what === one.what && other.subject === one.subject);
  const words = (some: readonly Read[]): string[] =>
    some.map(({ what, subject, atMs }) => `${subject} ${what} at ${String(atMs)} ms`);
  return {
    incidents: 0,
    missed: missed ?? [],
    untoldEnds: untoldEnds ?? [],
    late: late ?? [],
    doubled: words(left.filter(isTwice)),
    invented: words(left.filter((one) => !isTwice(one))),
    alertMs,
  };
}
