import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnStation } from './own-station.ts';
import { startWorld, until, type World } from './world.ts';

let world: World;
const stations: OwnStation[] = [];
beforeAll(async () => {
  world = await startWorld();
  for (const id of ['CS-OWN-A', 'CS-OWN-B']) {
    const station = await OwnStation.connect(world.csmsUrl, id);
    stations.push(station);
    for (let n = 0; n < 3; n++)
      station.call(`bad-${n}`, 'StatusNotification', { connectorId: 1, errorCode: 'Nonsense', status: 'Available' });
  }
  await until(async () => (await world.api('/findings?party=CS-OWN-A')).items.length >= 3);
  await until(async () => (await world.api('/findings?party=CS-OWN-B')).items.length >= 3);
});
afterAll(async () => {
  for (const station of stations) station.close();
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
});

describe('findings', () => {
  it('AC-49 each says whose fault it is, where, by which clause, and what to do', async () => {
    const page = await world.open('/findings?party=CS-OWN-A');
    await page.getByTestId('finding-group').first().click();
    const detail = page.getByTestId('finding-detail');
    await detail.getByText('At fault').waitFor();
    await detail.getByText('CS-OWN-A').first().waitFor();
    expect(((await detail.getByTestId('finding-clause').textContent()) ?? '').length).toBeGreaterThan(3);
    expect(await detail.getByTestId('finding-steps').getByRole('listitem').count()).toBeGreaterThanOrEqual(1);
    await detail.getByTestId('finding-place').click();
    await page.waitForURL(/\/m\/\d+\?ptr=/);
    const line = page.locator('[data-testid="json-line"].flash');
    await line.waitFor();
    expect(await line.getAttribute('data-pointer')).toBe('/errorCode');
    await page.context().close();
  });

  it('AC-50 a rule is muted for one party: its findings do not count, those of another do, and the reason is kept', async () => {
    const { rule } = (await world.api('/findings?party=CS-OWN-A')).items[0];
    const open = async (party: string): Promise<number> =>
      (await world.api(`/findings?party=${party}&rule=${rule}&status=open`)).items.length;
    const others = await open('CS-OWN-B');
    expect(others).toBeGreaterThan(0);
    const page = await world.open(`/findings?party=CS-OWN-A`);
    const group = page.locator(`[data-testid="finding-group"][data-key="${rule}"]`);
    const before = Number(await group.getAttribute('data-count'));
    await group.click();
    await page.getByRole('button', { name: 'Mute …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('Known fault of firmware 1.2');
    await dialog.getByRole('button', { name: 'Mute', exact: true }).click();
    await until(async () => Number(await group.getAttribute('data-count')) === 0);
    expect(Number(await group.getAttribute('data-muted'))).toBe(before);
    expect(await open('CS-OWN-A')).toBe(0);
    expect(await open('CS-OWN-B')).toBe(others);
    await page.getByRole('tab', { name: 'Muted' }).click();
    const mute = page.locator(`[data-testid="mute"][data-rule="${rule}"][data-party="CS-OWN-A"]`);
    await mute.getByText('Known fault of firmware 1.2').waitFor();
    await mute.getByRole('button', { name: 'Take back' }).click();
    await until(async () => (await open('CS-OWN-A')) === before);
    await page.context().close();
  });

  it('tells what is checked, rule by rule', async () => {
    const page = await world.open('/findings?show=rules');
    await page.getByLabel(/Part of a rule/).fill('StopTransaction');
    await page.getByRole('row').nth(1).getByRole('link').click();
    await page.getByTestId('rule-card').getByText('Why it happens').waitFor();
    await page.context().close();
  });

  it.each([
    ['CSV', 'findings.csv', 'id,severity'],
    ['Markdown for an issue', 'findings.md', '# Findings'],
  ])('exports %s', async (label, name, start) => {
    const page = await world.open('/findings');
    await page.getByRole('button', { name: 'Export' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: label }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe(name);
    let text = '';
    for await (const chunk of await file.createReadStream()) text += chunk;
    expect(text.startsWith(start)).toBe(true);
    await page.context().close();
  });
});
