import type { Page } from 'playwright-core';

/** Presses Tab until what has the focus is what the selector names. @throws when it is not reached */
export async function tabTo(page: Page, selector: string, most = 250): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
  }
  throw new Error(`${selector} was not reached by Tab`);
}

/** Goes to another address of the app as a link does: without loading the page anew. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, path);
}
