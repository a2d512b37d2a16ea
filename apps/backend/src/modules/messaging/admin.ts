import type { Database } from '../../platform/db/index.ts';
import {
  countByDay,
  selectAbout,
  selectOfPerson,
  type MessageDay,
  type MessageListed,
} from './repository-admin.ts';

/** What staff reads about messages. */
export interface MessagingAdmin {
  ofPerson(personId: string, limit: number): Promise<readonly MessageListed[]>;
  /** What a person was told about facts, by the beginnings of the messages' keys; oldest first. */
  about(personId: string, keys: readonly string[]): Promise<readonly MessageListed[]>;
  byDay(from: Date): Promise<readonly MessageDay[]>;
}

const ABOUT_MAX = 50;

export function createMessagingAdmin({ read }: Pick<Database, 'read'>): MessagingAdmin {
  return {
    ofPerson: (personId, limit) => selectOfPerson(read, personId, limit),
    about: (personId, keys) => selectAbout(read, personId, { keys, limit: ABOUT_MAX }),
    byDay: (from) => countByDay(read, from),
  };
}
