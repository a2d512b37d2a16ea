/** More exact first: nearly every browser also calls itself Chrome, Safari and Mozilla. */
const BROWSERS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/YaBrowser\//, 'Yandex Browser'],
  [/OPR\/|Opera/, 'Opera'],
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** `Firefox, Linux`; undefined: it does not say what people would know it by. */
export function browserName(userAgent: string | null): string | undefined {
  const text = userAgent ?? '';
  const named = [BROWSERS, SYSTEMS].flatMap(
    (list) => list.find(([mark]) => mark.test(text))?.[1] ?? [],
  );
  return named.length === 0 ? undefined : named.join(', ');
}
