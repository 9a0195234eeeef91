import type { NewEntry, Recorder } from './entry.ts';

/** The recorder, with somebody who hears of each entry. */
export function noticedRecorder(recorder: Recorder, heard: (entry: NewEntry, seq: number) => void): Recorder {
  return {
    openLink: (description) => recorder.openLink(description),
    closeLink: (link) => recorder.closeLink(link),
    record(entry) {
      const seq = recorder.record(entry);
      heard(entry, seq);
      return seq;
    },
    finding: (finding) => recorder.finding(finding),
    get full() {
      return recorder.full;
    },
    onceDrained: (resume) => recorder.onceDrained(resume),
  };
}
