import { listAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

/** transactionData of StopTransaction (1.6 §3.16.5). */
export const f5TransactionData: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-TX-024',
    severity: 'error',
    fault: 'station',
    title: 'No transactionData where none is configured',
    clause: '1.6 §3.16.5',
    causes: ['transactionData does not depend on the configuration'],
    next: ['Look at StopTxnSampledData and StopTxnAlignedData'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const { configuration } = c.station;
      const sampled = configuration.list('StopTxnSampledData');
      const aligned = configuration.list('StopTxnAlignedData');
      if (listAt(c.o.payload, 'transactionData').length === 0) return;
      if (sampled === undefined || aligned === undefined) return c.notEvaluable();
      if (sampled.length + aligned.length > 0) return;
      c.report({
        text: 'StopTransaction has transactionData, though StopTxnSampledData and StopTxnAlignedData are empty',
        pointer: '/transactionData',
      });
    },
  },
  {
    id: 'OCPP16-TX-025',
    severity: 'warning',
    fault: 'station',
    title: 'transactionData holds the values at begin and end',
    clause: '1.6 errata 3.14',
    causes: ['Only values of the interval are collected'],
    next: ['Look for contexts Transaction.Begin and Transaction.End'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const sampled = c.station.configuration.list('StopTxnSampledData');
      if (sampled === undefined) return c.notEvaluable();
      // Only sampled values have a begin and an end (E 3.14).
      if (sampled.length === 0) return;
      const contexts = new Set(
        listAt(c.o.payload, 'transactionData')
          .flatMap((each) => listAt(each, 'sampledValue'))
          .map((sample) => textAt(sample, 'context')),
      );
      const missing = ['Transaction.Begin', 'Transaction.End'].filter((context) => !contexts.has(context));
      if (missing.length === 0) return;
      c.report({
        text: `transactionData has no values of context ${missing.join(' and ')}`,
        pointer: '/transactionData',
        expected: sampled,
      });
    },
  },
]);
