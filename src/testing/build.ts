/** Vitest's global set-up: what tests import, and the command that they run, is built from these sources. */
import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

const build = (): void => {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' });
};

export default function setup(project: TestProject): void {
  build();
  project.onTestsRerun(build);
}
