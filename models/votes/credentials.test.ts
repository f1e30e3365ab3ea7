/** Assignments of credentials: each has a code and a text, and both lead back to the other. */
import { expect, test } from 'vitest';
import { encodeStep, type NamedAction, type StructType } from '../../src/language/index.js';
import { type Bounds, findFamily, type ModelFamily } from '../index.js';
import { correct } from '../rules.js';

const fle = findFamily('fast-leader-election')!;
const tutorial = findFamily('tutorial')!;

const initialOf = (family: ModelFamily, bounds: Partial<Bounds>): NamedAction<StructType> =>
  family.build({ ...family.presets.tiny, zxids: 'every', ...bounds }, correct).initial;

for (const family of [tutorial, fle]) {
  test(`every assignment of ${family.name} is read back from its text (servers=3, dataVersions=2)`, () => {
    const initial = initialOf(family, { dataVersions: 2 });
    const [{ print }] = initial.over;
    for (let code = 0; code < initial.instances; code++) {
      expect(encodeStep([initial], initial.name, [print(code)])).toBe(code);
    }
    for (const wrong of [
      '',
      'zxids',
      'zxids 0,0',
      'zxids 0,0,9',
      `${print(0)},0`,
      print(0).replace('0', 'x'),
    ]) {
      expect([wrong, encodeStep([initial], initial.name, [wrong])]).toEqual([wrong, null]);
    }
  });
}

test('an assignment is read without a look at the others (servers=7, dataVersions=4: 268,435,456 of them)', () => {
  const initial = initialOf(fle, { servers: 7, dataVersions: 4 });
  let printed = 0;
  const [credentials] = initial.over;
  const counting = {
    ...credentials,
    print: (code: number) => {
      if (++printed > 10) throw new Error('it looks at one assignment after the other');
      return credentials.print(code);
    },
  };
  const code = initial.instances - 12_345;
  expect(encodeStep([{ ...initial, over: [counting] }], initial.name, [credentials.print(code)])).toBe(code);
});
