import { DomainError } from '@opora/kernel';

export class AnnouncementNotFound extends DomainError {
  readonly code = 'announcements.not_found';
  readonly kind = 'not_found';
}

/** It is resolved, over or taken back: a new one tells of what is new. */
export class AnnouncementOver extends DomainError {
  readonly code = 'announcements.over';
  readonly kind = 'conflict';
}

/** A maintenance ends after it begins, is not over yet, and lasts a day at most. */
export class MaintenanceTimesWrong extends DomainError {
  readonly code = 'announcements.times_wrong';
  readonly kind = 'invalid';
}
