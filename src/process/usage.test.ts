import { afterEach, expect, test, vi } from 'vitest';
import { CannotWrite, nearest, reasonOf, tellDefect } from './usage.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('a defect is told in one line, without a stack', () => {
  vi.stubEnv('FLE_CHECK_DEBUG', '');
  const stack = vi.spyOn(console, 'error').mockReturnValue();
  expect(tellDefect(new Error('model lamps, in Start(s1): too much\n  in the state {}'))).toBe(
    'model lamps, in Start(s1): too much in the state {} ' +
      '(this is a defect of the model or of fle-check; FLE_CHECK_DEBUG=1 shows where)',
  );
  expect(stack).not.toHaveBeenCalled();
});

test('FLE_CHECK_DEBUG=1 shows the stack of a defect', () => {
  vi.stubEnv('FLE_CHECK_DEBUG', '1');
  const stack = vi.spyOn(console, 'error').mockReturnValue();
  const error = new Error('too much');
  tellDefect(error);
  expect(stack).toHaveBeenCalledWith(error);
});

test('errors of the operating system are told in words', () => {
  const denied = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES' });
  expect(new CannotWrite('x', denied).message).toBe('cannot write x: permission denied');
  expect(reasonOf(new Error('something else'))).toBe('something else');
});

test('a name is offered only if it is near', () => {
  expect(nearest('fast-leader-electoin', ['tutorial', 'fast-leader-election'])).toBe('fast-leader-election');
  expect(nearest('xyzzy', ['tutorial', 'fast-leader-election'])).toBeNull();
  expect(nearest('x', [])).toBeNull();
});
