const FORM = /^[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}$/;

/** Whether the text has the shape of a session id: a GUID's, though letters beyond hex digits pass. */
export function isSessionId(text: string): boolean {
  return FORM.test(text);
}

/** Session ids are compared without regard to case, as GUIDs are. */
export function canonicalSessionId(text: string): string {
  return text.trim().toLowerCase();
}

export function sameSessionId(a: string, b: string): boolean {
  return canonicalSessionId(a) === canonicalSessionId(b);
}
