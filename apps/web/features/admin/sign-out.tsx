'use client';

import type { API } from '@opora/contracts';
import { useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { useSend } from '../session/session-keeper.tsx';

/** Ends the session of this browser and leads to the door. */
export function SignOut({ label }: { label: string }) {
  const [isLeaving, setLeaving] = useState(false);
  const send = useSend();
  return (
    <Button
      kind="quiet"
      type="button"
      disabled={isLeaving}
      onClick={() => {
        setLeaving(true);
        void send<typeof API.session.leave>('POST', '/auth/leave', {}).then(() => {
          window.location.assign('/admin/sign-in');
        });
      }}
    >
      {label}
    </Button>
  );
}
