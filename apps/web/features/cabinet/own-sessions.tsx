import { API, type OwnSessionWire } from '@opora/contracts';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Status } from '../../shared/ui/status.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import type { Visit } from '../site/visit.ts';
import { browserName } from './browser-name.ts';
import type { Inside } from './cabinet-page.tsx';
import { Removal } from './removal.tsx';
import { sessionWords } from './session-words.ts';

const PATH = '/api/v1/me/sessions';

/** Where somebody is signed in; a place they do not know is ended here, at once. */
export async function OwnSessions({ visit, api }: Inside) {
  const words = sessionWords[visit.language];
  const { sessions } = await api(API.me.sessions);
  const ownFirst = sessions.toSorted(
    (one, other) => Number(other.isCurrent) - Number(one.isCurrent),
  );
  return (
    <div className="space-y-8">
      <PageHead title={words.sessions}>{words.sessionsLead}</PageHead>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {ownFirst.map((session) => (
          <Place key={session.id} session={session} visit={visit} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <Removal
          path={PATH}
          name={words.otherSessions}
          words={{
            ...{ remove: words.endOthers, removeOf: words.endOthers, title: words.endOthersTitle },
            ...{ text: words.endOthersText, keep: words.leaveThem, removed: words.othersEnded },
            failed: words.notEnded,
          }}
        />
      ) : null}
    </div>
  );
}

function Place({ session, visit }: { session: OwnSessionWire; visit: Visit }) {
  const words = sessionWords[visit.language];
  const { id, isCurrent, since, seenAt, address } = session;
  const name = browserName(session.userAgent) ?? words.unknownBrowser;
  const when = (at: string) => formatWhen(new Date(at), 'minute', visit);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 sm:px-6">
      <span className="min-w-0 flex-1">
        <span className="block font-semibold">{name}</span>
        <span className="block text-14 text-muted">
          {words.sessionFacts(when(since), when(seenAt), address)}
        </span>
      </span>
      {isCurrent ? (
        <Status tone="good">{words.thisBrowser}</Status>
      ) : (
        <Removal
          path={`${PATH}/${id}`}
          name={name}
          words={{
            ...{ remove: words.endSession, removeOf: words.endSessionOf(name) },
            ...{ title: words.endSessionTitle, text: words.endSessionText, keep: words.leaveThem },
            ...{ removed: words.sessionEnded, failed: words.notEnded },
          }}
        />
      )}
    </li>
  );
}
