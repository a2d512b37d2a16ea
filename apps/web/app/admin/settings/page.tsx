import { API, type SettingWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code } from '../../../features/admin/cells.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { settingAbout, settingSection } from '../../../features/admin/words/settings.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { Status } from '../../../shared/ui/status.tsx';
import { Table, type Column } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('settings');

/** The settings in force, section by section. Secrets only say whether they are set. */
export default async function SettingsPage() {
  return adminPage({
    section: 'settings',
    data: () => load(API.settings.list),
    show: ({ visit: { language }, data }) => {
      const sections = Map.groupBy(data.items, ({ section }) => section);
      return (
        <div className="space-y-6">
          <h1 className="text-22">{shellWords[language].pages.settings}</h1>
          {[...sections].map(([section, rows]) => (
            <section key={section} className="space-y-3">
              <h2 className="text-18">{settingSection(section, language)}</h2>
              <Table
                caption={settingSection(section, language)}
                columns={columns(language)}
                rows={rows}
                keyOf={({ key }) => key}
              />
            </section>
          ))}
        </div>
      );
    },
  });
}

function columns(language: Language): readonly Column<SettingWire>[] {
  const { columns: titles, set, notSet } = listWords[language];
  return [
    {
      key: 'key',
      title: titles.setting,
      width: 'w-72',
      phone: 'main',
      cell: ({ key }) => <Code>{key}</Code>,
    },
    {
      key: 'value',
      title: titles.value,
      width: 'w-56',
      phone: 'end',
      cell: ({ value, isSet }) =>
        value === null ? (
          <Status tone={isSet ? 'good' : 'plain'} size="small">
            {isSet ? set : notSet}
          </Status>
        ) : (
          <Code>{value}</Code>
        ),
    },
    {
      key: 'about',
      title: titles.about,
      phone: 'second',
      cell: (row) => settingAbout(row, language),
    },
  ];
}
