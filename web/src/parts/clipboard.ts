import { notifications } from '@mantine/notifications';

/** Copies text, also where the page has no secure context (`http://` on another machine): there the clipboard API is missing. */
export async function copyText(text: string, what = 'Copied'): Promise<void> {
  try {
    if (navigator.clipboard !== undefined) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
    notifications.show({ message: `${what}: ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`, autoClose: 2_000 });
  } catch {
    notifications.show({ color: 'red', message: 'This browser does not let the page copy.', autoClose: 4_000 });
  }
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** Hands a text to the person as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
