import type { Database, Page, PageWish } from '../../platform/db/index.ts';
import {
  countPeople,
  findPeople,
  readListed,
  selectBriefs,
  selectPeople,
  type PeopleFilter,
  type PersonBrief,
  type PersonListed,
} from './repository-admin.ts';

/** What staff reads about people. */
export interface IdentityAdmin {
  /** Names for rows of other lists; an unknown id is missing from the answer. */
  briefs(ids: readonly string[]): Promise<ReadonlyMap<string, PersonBrief>>;
  list(filter: PeopleFilter, page: PageWish): Promise<Page<PersonListed>>;
  /** Throws `PersonNotFound`. */
  read(id: string): Promise<PersonListed>;
  /** By id, its last six characters, name, e-mail, Telegram id or username; best first. */
  find(text: string, limit: number): Promise<readonly string[]>;
  count(span: Parameters<typeof countPeople>[1]): ReturnType<typeof countPeople>;
}

export function createIdentityAdmin({ read }: Pick<Database, 'read'>): IdentityAdmin {
  return {
    briefs: (ids) => selectBriefs(read, ids),
    list: (filter, page) => selectPeople(read, filter, page),
    read: (id) => readListed(read, id),
    find: (text, limit) => findPeople(read, text, limit),
    count: (span) => countPeople(read, span),
  };
}
