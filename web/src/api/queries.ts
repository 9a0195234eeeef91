import { QueryClient, useQuery } from '@tanstack/react-query';
import { api, apiPath, Problem, part } from './client.ts';
import type { Me, Meta, Page, ServiceState, Station, Topology } from './shapes.ts';

/** Entities live until an event says that they changed: nothing is asked for twice, nothing polls. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && error instanceof Problem && error.status === 0,
    },
  },
});

/** A GET whose key is its address. */
export function useGet<T>(path: string | undefined, options: { readonly keep?: boolean } = {}) {
  return useQuery<T>({
    queryKey: [path ?? ''],
    queryFn: ({ signal }) => api.get<T>(path ?? '', signal),
    enabled: path !== undefined,
    ...(options.keep === true ? { placeholderData: (previous: unknown) => previous as never } : {}),
  });
}

/** Asks again for every address that begins so. */
export function refresh(...prefixes: readonly string[]): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => {
      const key = String(queryKey[0]);
      return prefixes.some((prefix) => key.startsWith(apiPath(prefix)));
    },
  });
}

export const useMeta = () => useGet<Meta>(apiPath('/meta'));
/** Services that answer, as far as this entry knows. */
export function runningServices(meta: Meta | undefined): ServiceState[] {
  return meta?.services.filter((service) => service.health !== undefined && service.health !== 'off') ?? [];
}

export const useTopology = () => useGet<Topology>(apiPath('/topology'));
export const useStations = () => useGet<Page<Station>>(apiPath('/stations', { limit: 500 }));
export const useStation = (id: string) => useGet<Station>(apiPath(`/stations/${part(id)}`));
export const useMe = () => useGet<Me>(apiPath('/me'));
