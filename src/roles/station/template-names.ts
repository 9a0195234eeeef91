/** The stations that ship with the simulator: one JSON file each in `templates/`. */
export const BUILT_IN_NAMES = ['ac-22-duo', 'ac-11-home', 'dc-150', 'dc-hub', 'min-16'] as const;
export type BuiltIn = (typeof BUILT_IN_NAMES)[number];
