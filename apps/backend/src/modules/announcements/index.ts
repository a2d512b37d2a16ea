/**
 * What staff tells everybody: an incident (opened, updated step by step, resolved) or a maintenance
 * (planned, going on by its times, over). Told on the status page, in the cabinet and by the bot; the
 * monitor keeps a copy, so that it is read while the database is away. Nothing is decided by it.
 */
export { createAnnouncements, type Announcements } from './service.ts';
