/** Writes down the time between frames from now on. */
export async function recordFrames(page) {
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const next = (now) => {
      globalThis.frames?.push(now - last);
      last = now;
      if (globalThis.frames !== undefined) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

/** Frames a second since {@link recordFrames}, and within how many ms 95 % of them came. */
export async function recordedFrames(page) {
  const frames = await page.evaluate(() => {
    const { frames: all } = globalThis;
    globalThis.frames = undefined;
    return all.slice(1);
  });
  const sorted = frames.sort((a, b) => a - b);
  const sum = sorted.reduce((total, each) => total + each, 0);
  return { fps: (1_000 * sorted.length) / sum, p95: sorted[Math.floor(sorted.length * 0.95)] };
}

/** Bytes of JavaScript that are still in use. The browser runs with `--js-flags=--expose-gc`. */
export async function heapBytes(page) {
  return page.evaluate(() => {
    globalThis.gc?.();
    return performance.memory.usedJSHeapSize;
  });
}
