import { readFile, rename, writeFile } from 'node:fs/promises';
import { DecidedAway, DecisionWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { z } from 'zod';
import type { InnerLink } from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { AwayJournal } from './away-journal.ts';
import type { Decisions } from './decisions.ts';
import type { KeyRing } from './key-ring.ts';
import type { Revocations } from './revocations.ts';
import type { TrustedTime } from './trusted-time.ts';

/** Newest decisions that are worth the writing. */
const DECISIONS_KEPT = 20_000;

const Age = z.number().nonnegative().nullable();
const Jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string(),
  x: z.string(),
});
const Entries = z.array(z.tuple([z.string(), z.number()]));
const State = z.object({
  /** Wall clock of the writing, milliseconds: the high-water mark. */
  wallMs: z.number(),
  keysAgeMs: Age,
  keys: z.array(Jwk),
  revocationsAgeMs: Age,
  /** Sessions and tokens with their ends; then until when tokens of a person do not count. */
  revocations: Entries,
  cuts: Entries.default([]),
  decisions: z.array(z.object({ decision: DecisionWire, ageMs: z.number() })),
  journal: z.array(z.tuple([z.string(), DecidedAway])),
});
const File = z.object({ mac: z.string(), state: z.string() });

export type KeeperParts = Readonly<{
  clock: Clock;
  log: Log;
  path: string;
  /** Signs with a key of the gateway's own. */
  link: InnerLink;
  keys: KeyRing;
  revocations: Revocations;
  decisions: Decisions;
  journal: AwayJournal;
  time: TrustedTime;
}>;

/**
 * The gateway's knowledge on disk, so that a gateway that restarts while auth is away knows what the
 * one before it knew. Signed with a key of the gateway's own: who can write the file cannot mint rights.
 */
export class Keeper {
  readonly #parts: KeeperParts;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** Writes all of it; a failure is told and the next round tries again. */
  async save(): Promise<void> {
    const { path, log, link } = this.#parts;
    try {
      const state = JSON.stringify(this.#collect());
      const unfinished = `${path}.new`;
      const mac = link.mark(state);
      // Without a key anybody could have signed it.
      if (mac === undefined) return;
      await writeFile(unfinished, JSON.stringify({ mac, state }), { mode: 0o600 });
      await rename(unfinished, path);
    } catch (error) {
      log.warn({ error }, 'what the gateway knows could not be kept on disk');
    }
  }

  /** Takes over what the last gateway knew; a missing, foreign or broken file is as none. */
  async load(): Promise<void> {
    const { link, path } = this.#parts;
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    try {
      const { mac, state } = File.parse(JSON.parse(text));
      if (!link.knowsMark(state, mac)) throw new Error('the signature does not fit');
      this.#restore(State.parse(JSON.parse(state)));
    } catch (error) {
      this.#parts.log.warn({ error }, 'what the last gateway knew is not usable; starting without');
    }
  }

  #collect(): z.infer<typeof State> {
    const { clock, keys, revocations, decisions, journal, time } = this.#parts;
    const nowMs = clock.monotonicMs();
    const { ended, cuts } = revocations.dump();
    const age = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
    return {
      wallMs: time.markMs,
      keysAgeMs: age(keys.ageMs),
      keys: [...keys.jwks],
      revocationsAgeMs: age(revocations.ageMs),
      revocations: [...ended].map(([id, atMs]) => [id, atMs]),
      cuts: [...cuts].map(([id, beforeMs]) => [id, beforeMs]),
      decisions: decisions
        .entries()
        .slice(-DECISIONS_KEPT)
        .flatMap(([, { decision, atMs }]) =>
          decision === undefined ? [] : [{ decision, ageMs: nowMs - atMs }],
        ),
      journal: journal.dump(),
    };
  }

  #restore(state: z.infer<typeof State>): void {
    const { clock, keys, revocations, decisions, journal, time } = this.#parts;
    time.restore(state.wallMs);
    // A clock behind the mark cannot say how long nobody looked: as if it had been for ever.
    const passedMs = clock.now().getTime() - state.wallMs;
    const agedBy = (ageMs: number | null): number =>
      ageMs === null || passedMs < 0 ? Number.POSITIVE_INFINITY : ageMs + passedMs;
    // Keys keep the age they had then: without any not even level 4 could tell who somebody is.
    const keysAgeMs = (state.keysAgeMs ?? Number.POSITIVE_INFINITY) + Math.max(0, passedMs);
    keys.restore(state.keys, keysAgeMs);
    const known = { ended: state.revocations, cuts: state.cuts };
    revocations.restore(known, agedBy(state.revocationsAgeMs));
    for (const { decision, ageMs } of state.decisions) {
      decisions.restore(decision.sessionId, { decision, ageMs: agedBy(ageMs) });
    }
    journal.restore(state.journal);
  }
}
