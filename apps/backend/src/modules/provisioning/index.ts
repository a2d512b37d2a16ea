/**
 * Access as a projection of what was bought: the panel is told the absolute state a subscription
 * should have, for ever, until it has it. One writer per subscription (a serial queue of jobs);
 * nothing is ever taken away here without an act in our own books.
 */
export { PanelUnavailable } from './errors.ts';
export type { Panel, PanelDevice, PanelWebhook } from './panel.ts';
export { deliverJob } from './deliver.ts';
export type { AccessDelivered } from './deps.ts';
export type { Finding } from './sync.ts';
export { createProvisioning, type Access, type Provisioning } from './service.ts';
export { createPanel, createPanelWebhook } from './panels/registry.ts';
