import { API } from '@opora/contracts';
import { load } from '../../../../features/admin/load.ts';
import { adminPage } from '../../../../features/admin/page.tsx';
import { RawNotice } from '../../../../features/admin/raw-notice.tsx';
import { titleOf } from '../../../../features/admin/title.ts';
import { AdminWhen } from '../../../../features/admin/when.tsx';
import { shellWords } from '../../../../features/admin/words/shell.ts';

export const generateMetadata = () => titleOf('notices');

export default async function NoticePage({ params }: { params: Promise<{ noticeId: string }> }) {
  const { noticeId } = await params;
  return adminPage({
    section: 'notices',
    data: () => load(API.notices.raw, { params: { noticeId } }),
    show: ({ visit: { language }, data }) => (
      <div className="max-w-[960px] space-y-4">
        <h1 className="text-22">
          {shellWords[language].noticeOne} <AdminWhen at={data.receivedAt} language={language} />
        </h1>
        <RawNotice raw={data} language={language} />
      </div>
    ),
  });
}
