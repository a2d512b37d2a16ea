import { endpoints, isOfMonitor, needsNoSession, type NamedEndpoint } from '@opora/contracts';

/** The endpoint of a call that needs a session; undefined: everybody's, or nothing we know. */
export type AccessTable = (method: string, path: string) => NamedEndpoint | undefined;

type Branch = {
  names: Map<string, Branch>;
  any: Branch | undefined;
  ends: Map<string, NamedEndpoint>;
};

/** The API's own table as a tree of path segments: one look per segment, whatever its size. */
export function createAccessTable(): AccessTable {
  const root = branch();
  for (const named of endpoints()) {
    if (needsNoSession(named.endpoint.permission) || isOfMonitor(named.endpoint)) continue;
    let at = root;
    for (const segment of segmentsOf(named.endpoint.path)) {
      if (segment.startsWith('{')) at = at.any ??= branch();
      else at = at.names.get(segment) ?? grow(at, segment);
    }
    at.ends.set(named.endpoint.method, named);
  }
  return (method, path) => find(root, segmentsOf(path), 0)?.get(method === 'HEAD' ? 'GET' : method);
}

function find(at: Branch, segments: readonly string[], depth: number): Branch['ends'] | undefined {
  const segment = segments[depth];
  if (segment === undefined) return at.ends.size > 0 ? at.ends : undefined;
  const named = at.names.get(segment);
  const found = named === undefined ? undefined : find(named, segments, depth + 1);
  return found ?? (at.any === undefined ? undefined : find(at.any, segments, depth + 1));
}

function grow(at: Branch, segment: string): Branch {
  const grown = branch();
  at.names.set(segment, grown);
  return grown;
}

function branch(): Branch {
  return { names: new Map(), any: undefined, ends: new Map() };
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}
