import { expect, test } from 'vitest';
import { Growth, type Point } from './growth.js';

test('keeps the beginning and the end of a search, and at most 201 points spread over its time', () => {
  const growth = new Growth();
  for (let i = 0; i <= 10_000; i++) growth.note(i / 20, i * 100);
  const points = growth.until(500.0004, 1_000_000);
  expect(points.length).toBeGreaterThan(90);
  expect(points.length).toBeLessThanOrEqual(201);
  expect([points[0], points.at(-1)]).toEqual([
    [0, 0],
    [500, 1_000_000],
  ]);
  const gaps = points.slice(1).map(([seconds], i) => seconds - points[i][0]);
  expect(Math.max(...gaps)).toBeLessThan(20);
});

test('keeps every point of a short search', () => {
  const growth = new Growth();
  const noted: readonly Point[] = [
    [0, 1],
    [0.05, 500],
    [0.1, 1500],
  ];
  for (const point of noted) growth.note(...point);
  expect(growth.until(0.12, 1600)).toEqual([...noted, [0.12, 1600]]);
});
