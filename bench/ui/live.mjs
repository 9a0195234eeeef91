import { heapBytes, recordedFrames, recordFrames } from './in-page.mjs';
import { steadyStation } from './steady-station.mjs';

async function following(browser, url, filter) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${url}/traffic?q=${encodeURIComponent(filter)}`);
  await page.locator('[data-testid="live-badge"][data-state="live"]').waitFor();
  return page;
}

/** 2,000 rows a second while the list follows. */
export async function measureFollowing(browser, { url, csmsUrl }, seconds, row) {
  const station = await steadyStation(csmsUrl, 'STEADY-FAST');
  const page = await following(browser, url, 'station:STEADY-FAST');
  await station.send(10, 1);
  await page.locator('[data-testid="row"][data-seq]').first().waitFor();
  await recordFrames(page);
  const { sent, ms } = await station.send(2_000, seconds);
  const { fps, p95 } = await recordedFrames(page);
  row('following: rows', (sent / ms) * 1_000, '/s', 2_000);
  row('following: frames', fps, '/s', 60);
  row('following: 95 % of frames within', p95, 'ms', 33);
  station.close();
  await page.context().close();
}

/** 50 messages a second on the screen; half of the time to settle, then how the heap grows (AC-61). */
export async function measureSoak(browser, { url, csmsUrl }, minutes, row) {
  const station = await steadyStation(csmsUrl, 'STEADY-LONG');
  const page = await following(browser, url, '');
  const half = (minutes * 60) / 2;
  await station.send(25, half);
  const middle = await heapBytes(page);
  await station.send(25, half);
  const end = await heapBytes(page);
  row(`heap after ${minutes} minutes at 50 messages a second`, end / 1e6, 'MB', 120);
  row('of it grown in the second half', (end - middle) / 1e6, 'MB', 10);
  station.close();
  await page.context().close();
}
