import { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Suspense } from 'react';
import { load } from './load.ts';
import { RawNotice } from './raw-notice.tsx';
import { detailWords } from './words/details.ts';
import { shellWords } from './words/shell.ts';

type Props = Readonly<{ noticeId: string; isRefusal: boolean; language: Language }>;

/** "As it came", folded; it streams in after the page, which does not wait for it. */
export function RawNoticeLoader(props: Props) {
  return (
    <details>
      <summary className="inline-flex min-h-6 items-center text-12 text-accent-text underline underline-offset-4">
        {detailWords[props.language].raw}
      </summary>
      <div className="mt-2">
        <Suspense fallback={null}>
          <Loaded {...props} />
        </Suspense>
      </div>
    </details>
  );
}

async function Loaded({ noticeId, isRefusal, language }: Props) {
  const endpoint = isRefusal ? API.notices.rawRefusal : API.notices.raw;
  const raw = await load(endpoint, { params: { noticeId } });
  if (raw.state !== 'ready')
    return <p className="text-muted">{shellWords[language].failure.what}</p>;
  return <RawNotice raw={raw.data} language={language} />;
}
