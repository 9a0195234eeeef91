import { Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { part } from '../api/client.ts';
import { useMeta, useStations } from '../api/queries.ts';
import { visibleGroups } from './navigation.ts';
import { go } from './router.tsx';
import { useScope } from './scope.tsx';

interface Choice {
  readonly label: string;
  readonly kind: string;
  readonly path: string;
}

/** Finds pages, stations and messages by what is typed; anything else becomes a search of the traffic. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [selected, setSelected] = useState(0);
  const meta = useMeta();
  const stations = useStations();
  const scope = useScope();
  const all = useMemo<Choice[]>(() => {
    const pages = visibleGroups(meta.data, [], scope).flatMap((group) => group.pages);
    const ids = stations.data?.items.map((station) => station.id) ?? [];
    return [
      ...pages.map((page) => ({ label: page.label, kind: 'Page', path: page.path })),
      ...ids.map((id) => ({ label: id, kind: 'Station', path: `/stations/${part(id)}` })),
      ...ids.map((id) => ({
        label: `Traffic of ${id}`,
        kind: 'Traffic',
        path: `/traffic?q=${part(`station:"${id}"`)}`,
      })),
      ...ids.map((id) => ({ label: `Compose to ${id}`, kind: 'Compose', path: `/compose?from=csms&to=${part(id)}` })),
    ];
  }, [meta.data, stations.data, scope]);
  const choices = useMemo(() => choicesFor(text, all), [text, all]);
  const choose = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    onClose();
    go(choice.path);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="12vh"
      centered={false}
      className="palette"
      attributes={{ content: { 'aria-label': 'Go to' } }}
    >
      <input
        data-autofocus
        value={text}
        placeholder="Page, station, #message or filter …"
        aria-label="Go to"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${selected}`}
        onChange={(event) => {
          setText(event.target.value);
          setSelected(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setSelected(Math.min(selected + 1, choices.length - 1));
          else if (event.key === 'ArrowUp') setSelected(Math.max(selected - 1, 0));
          else if (event.key === 'Enter') choose(choices[selected]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Choices">
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field above
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, as a combobox does
          <li
            key={choice.kind + choice.path}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === selected}
            onMouseEnter={() => setSelected(index)}
            onClick={() => choose(choice)}
          >
            <span className="clip grow">{choice.label}</span>
            <span className="muted small">{choice.kind}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function choicesFor(text: string, all: readonly Choice[]): Choice[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return all.slice(0, 12);
  const seq = /^#?(\d+)$/.exec(wanted)?.[1];
  const found = all.filter((choice) => choice.label.toLowerCase().includes(wanted)).slice(0, 12);
  return [
    ...(seq === undefined ? [] : [{ label: `Message #${seq}`, kind: 'Message', path: `/m/${seq}` }]),
    ...found,
    { label: `Search traffic for ${text.trim()}`, kind: 'Traffic', path: `/traffic?q=${part(text.trim())}` },
  ];
}
