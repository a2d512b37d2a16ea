import type { TimelineEntry } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Timeline, type TimelineItem } from '../../shared/ui/timeline.tsx';
import { RawNoticeLoader } from './raw-notice-loader.tsx';
import { Told } from './cells.tsx';
import { AdminWhen } from './when.tsx';
import { detailWords } from './words/details.ts';

type Props = Readonly<{ entries: readonly TimelineEntry[]; language: Language }>;

/** The timeline of a payment or an order, with the raw notice behind each entry that has one. */
export function Story({ entries, language }: Props) {
  const words = detailWords[language];
  return (
    <Timeline
      label={words.timeline}
      items={entries.map((entry, at) => itemOf(entry, `${entry.at}-${String(at)}`, language))}
      pause={words.pause}
      time={(at) => <AdminWhen at={at} language={language} />}
    />
  );
}

function itemOf(entry: TimelineEntry, key: string, language: Language): TimelineItem {
  const words = detailWords[language];
  const { noticeId, repeats, kind, check } = entry;
  const detail = repeats === 0 ? entry.detail : `${entry.detail} (${words.repeats(repeats)})`;
  return {
    key,
    at: new Date(entry.at),
    tone: entry.tone,
    title: words.kinds[kind],
    detail: <Told>{detail}</Told>,
    more: (
      <>
        {check === undefined ? null : (
          <p className="text-14">
            <span className="font-semibold">{words.check}:</span> {check[language]}
          </p>
        )}
        {noticeId === null ? null : (
          <RawNoticeLoader noticeId={noticeId} isRefusal={kind === 'refused'} language={language} />
        )}
      </>
    ),
  };
}
