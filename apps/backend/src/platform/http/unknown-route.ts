import type { RouteOptions } from 'fastify';

/** Remembers which methods each address takes, so that a wrong method is told from a wrong address. */
export interface KnownRoutes {
  add(route: RouteOptions): void;
  /** Methods of the address, empty when there is no such address. */
  methodsOf(path: string): string[];
}

export function createKnownRoutes(): KnownRoutes {
  const routes: { segments: readonly string[]; methods: readonly string[] }[] = [];
  return {
    add({ url, method }) {
      routes.push({ segments: url.split('/'), methods: [method].flat() });
    },
    methodsOf(path) {
      const segments = path.split('/');
      const methods = routes.flatMap((route) =>
        matches(route.segments, segments) ? route.methods : [],
      );
      return [...new Set(methods)];
    },
  };
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1) === '*')
    return pattern.slice(0, -1).every((part, at) => fits(part, segments[at]));
  return (
    pattern.length === segments.length && pattern.every((part, at) => fits(part, segments[at]))
  );
}

function fits(part: string, segment: string | undefined): boolean {
  return part === segment || (part.startsWith(':') && segment !== undefined && segment !== '');
}
