import { Switch } from '@mantine/core';
import { PAGE_GROUPS } from '../../app/navigation.ts';
import { setPreferences, usePreferences } from '../../app/preferences.ts';
import { useScope } from '../../app/scope.tsx';

/** Which pages the menu shows. */
export function NavigationSettings() {
  const { hiddenPages } = usePreferences();
  const scope = useScope();
  return (
    <section className="card">
      <div className="body stack">
        <p className="muted">Hidden pages stay reachable by their address and by Ctrl K.</p>
        {PAGE_GROUPS.flatMap((group) => group.pages)
          .filter((page) => page.scopes.includes(scope) && page.id !== 'settings')
          .map((page) => (
            <Switch
              key={page.id}
              label={page.label}
              checked={!hiddenPages.includes(page.id)}
              onChange={(event) =>
                setPreferences({
                  hiddenPages: event.currentTarget.checked
                    ? hiddenPages.filter((id) => id !== page.id)
                    : [...hiddenPages, page.id],
                })
              }
            />
          ))}
      </div>
    </section>
  );
}
