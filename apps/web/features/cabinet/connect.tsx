import { API, type GuideWire } from '@opora/contracts';
import { LinkButton } from '../../shared/ui/button.tsx';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import type { Visit } from '../site/visit.ts';
import type { Inside } from './cabinet-page.tsx';
import { standingOf } from './standing.ts';
import { cabinetWords } from './words.ts';

/** Platform, then three steps; the link can always be copied, whatever the buttons open. */
export async function Connect(inside: Inside & { platform: string | undefined }) {
  const { visit, api, product, platform } = inside;
  const words = cabinetWords[visit.language];
  const { items } = await api(API.me.subscriptions);
  const link = items.find((one) => standingOf(one, new Date()).isUsable)?.accessUrl;
  const guides = product?.connect ?? [];
  const guide = guides.find((each) => each.platform === platform) ?? guides[0];
  return (
    <div className="space-y-8">
      <PageHead title={words.connectTitle}>{words.connectLead}</PageHead>
      {link == null || guide === undefined ? (
        <Empty
          title={words.connectNone}
          why={words.connectNoneWhy}
          step={
            <LinkButton kind="primary" href="/cabinet">
              {words.toSubscriptions}
            </LinkButton>
          }
        />
      ) : (
        <>
          <Platforms guides={guides} chosen={guide} visit={visit} />
          <Steps guide={guide} link={link} visit={visit} />
        </>
      )}
    </div>
  );
}

function Platforms(props: { guides: readonly GuideWire[]; chosen: GuideWire; visit: Visit }) {
  const { guides, chosen, visit } = props;
  return (
    <nav aria-label={cabinetWords[visit.language].platforms} className="flex flex-wrap gap-2">
      {guides.map(({ platform, name }) => (
        <a
          key={platform}
          href={`/cabinet/connect?on=${platform}`}
          aria-current={platform === chosen.platform ? 'page' : undefined}
          className="inline-flex min-h-11 items-center rounded-full border border-control px-4 hover:bg-accent-soft aria-[current]:border-accent aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-accent-text"
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

function Steps({ guide, link, visit }: { guide: GuideWire; link: string; visit: Visit }) {
  const words = cabinetWords[visit.language];
  const [install, add] = [
    <LinkButton key="install" kind="secondary" href={guide.installUrl}>
      {words.install(guide.app)}
    </LinkButton>,
    <div key="add" className="space-y-4">
      <LinkButton kind="primary" href={guide.deepLink.replace('{link}', link)}>
        {words.add(guide.app)}
      </LinkButton>
      <CopyField label={words.link} value={link} words={words.copy} />
    </div>,
  ];
  const acts = [install, add];
  return (
    <ol className="space-y-4">
      {words.steps(guide.app).map(({ title, text }, at) => (
        <li
          key={title}
          className="flex gap-4 rounded-card border border-line bg-surface p-4 sm:p-6"
        >
          <span
            aria-hidden
            className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-text"
          >
            {at + 1}
          </span>
          <div className="min-w-0 flex-1 space-y-4">
            <div>
              <h2 className="text-18">{title}</h2>
              <p className="text-muted">{text}</p>
            </div>
            {acts[at]}
          </div>
        </li>
      ))}
    </ol>
  );
}
