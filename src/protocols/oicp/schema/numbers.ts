import Type from 'typebox';

/** kWh with at most three decimals. Read it with `Decimal`, not with float arithmetic. */
export const EnergyKWh = Type.Number({
  title: 'EnergyKWh',
  multipleOf: 0.001,
  description: 'kWh, at most 3 decimals.',
});

/** An amount of money per unit; the documents set no limit on its decimals. */
export const Price = Type.Number({ title: 'Price', description: 'Net, without VAT.' });

export const MeterValuesInBetween = Type.Object(
  { meterValues: Type.Array(EnergyKWh) },
  { title: 'MeterValueInBetween', description: 'An object around the list, unlike all other lists.' },
);
