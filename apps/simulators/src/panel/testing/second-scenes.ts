/** Scenes of the exchanges and webhooks recorded from a real panel 2.8.1. */
import type { TestPanel } from './panel.ts';
import { alone, answered, bring, defaultSquad, has, reachId, type Scene } from './scenes.ts';
import { recordedUser, TRANSCRIPTS, type RecordedUser } from './transcripts.ts';

const from = (name: string): RecordedUser =>
  recordedUser(answered(name, 'panel_2_8_1'), 'response');

export const secondCustomer = from('user-create');
const disabled = from('user-disable');
/** Another user was deleted than the one the other exchanges are about; only its uuid is known. */
const toDelete: RecordedUser = {
  ...secondCustomer,
  uuid: 'c2b18ada-84a3-4f82-a9ee-5c375bfbffb6',
  username: 'tg_gone',
};

/** One scene for each exchange recorded from 2.8.1, by its name. */
export const SECOND_SCENES: Readonly<Record<string, Scene>> = {
  'no-token': alone,
  'user-create': (panel) => reachId(panel, 2),
  'user-create-duplicate-username': has(secondCustomer),
  'user-create-validation-error': alone,
  'user-get-by-uuid': has(secondCustomer),
  'user-get-by-username-404': alone,
  'user-get-by-telegram-id': has(secondCustomer),
  'user-get-by-telegram-id-none': alone,
  'user-update-expiry': has(secondCustomer),
  'user-extend-3x-route': has(secondCustomer),
  'bulk-extend': has(secondCustomer),
  'user-disable': has(disabled, { status: 'ACTIVE' }),
  'user-disable-again': has(disabled),
  'user-delete': has(toDelete),
  'hwid-create': has(secondCustomer),
  'user-get-numeric-id-3x-style': has(secondCustomer),
};

const told = (event: string, path: string): RecordedUser => {
  const found = TRANSCRIPTS.webhooks.panel_2_8_1.find((each) => each.event === event);
  return recordedUser(JSON.parse(found?.rawBody ?? '{}'), path);
};
const withDevice = told('user_hwid_devices.added', 'data.user');

/** What was done to make each webhook recorded from 2.8.1. */
export const SECOND_WEBHOOK_SCENES: Readonly<
  Record<string, Readonly<{ before: Scene; act: (panel: TestPanel) => Promise<unknown> }>>
> = {
  'user.created': {
    before: (panel) => reachId(panel, 2),
    act: async (panel) =>
      panel.api('POST', '/users', {
        ...secondCustomer,
        activeInternalSquads: [await defaultSquad(panel)],
        lastTrafficResetAt: undefined,
      }),
  },
  'user.expired': {
    before: has(told('user.expired', 'data'), { status: 'ACTIVE' }),
    act: alone,
  },
  'user_hwid_devices.added': {
    // The recorded user had been revoked; nothing a client may send makes one so.
    before: async (panel) => {
      await bring(panel, withDevice, { shortUuid: secondCustomer.shortUuid });
      const wish = { shortUuid: withDevice.shortUuid };
      await panel.api('POST', `/users/${withDevice.uuid ?? ''}/actions/revoke`, wish);
    },
    act: (panel) =>
      panel.api('POST', '/hwid/devices', {
        ...device(),
        userUuid: withDevice.uuid,
      }),
  },
};

function device(): object {
  const found = TRANSCRIPTS.webhooks.panel_2_8_1.find(
    ({ event }) => event === 'user_hwid_devices.added',
  );
  const { data } = JSON.parse(found?.rawBody ?? '{}') as { data: { hwidUserDevice: object } }; // one
  return data.hwidUserDevice;
}
