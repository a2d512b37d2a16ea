/**
 * The audit log: what staff and the system did, why, and what it changed. An entry is written in
 * the transaction of the act itself, so neither is without the other; the table only grows. The key
 * of an act is unique here, which is what makes two presses one act. A sealer links the entries into a
 * chain and anchors it outside the database, so a later change shows.
 */
export { ANCHOR_FILE, createAuditChain, type AuditChain } from './chain.ts';
export { anchorLine, readAnchors, type Anchor } from './anchor.ts';
export type { Seal } from './repository-seals.ts';
export type { Acted, Actor, AuditEntry, AuditFacts, AuditWish, StaffAct } from './entry.ts';
export { SYSTEM } from './entry.ts';
export { AuditKeyReused } from './errors.ts';
export { createAudit, type Audit } from './service.ts';
