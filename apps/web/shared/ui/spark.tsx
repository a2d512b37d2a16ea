type Props = Readonly<{
  label: string;
  /** Oldest first; the last one is the running day and stands out. */
  days: readonly Readonly<{ name: string; value: number; text: string }>[];
  /** The same as a table for those who do not see it. */
  tableLabel: string;
  head: readonly [string, string];
}>;

const WIDTH = 224;
const HEIGHT = 40;
const GAP = 2;

/** Days as small bars under a figure, drawn on the server; "as a table" says the same in words. */
export function Spark({ label, days, tableLabel, head }: Props) {
  const most = Math.max(1, ...days.map(({ value }) => value));
  const step = WIDTH / Math.max(1, days.length);
  return (
    <div className="space-y-1">
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        className="h-10 w-full"
        preserveAspectRatio="none"
      >
        {days.map(({ name, value }, at) => {
          const height = Math.max(1, (value / most) * HEIGHT);
          return (
            <rect
              key={name}
              x={at * step}
              y={HEIGHT - height}
              width={step - GAP}
              height={height}
              className={at === days.length - 1 ? 'fill-accent' : 'fill-control/50'}
            />
          );
        })}
      </svg>
      <details className="text-12 text-muted">
        <summary className="inline-flex min-h-6 items-center underline underline-offset-4">
          {tableLabel}
        </summary>
        <table className="mt-1 w-full">
          <thead>
            <tr className="text-left">
              <th scope="col">{head[0]}</th>
              <th scope="col" className="text-right">
                {head[1]}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ name, text }) => (
              <tr key={name}>
                <th scope="row" className="text-left font-normal">
                  {name}
                </th>
                <td className="text-right">{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
