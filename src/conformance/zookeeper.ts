/**
 * Finds the jars of a ZooKeeper, and compiles the Java program that steps its FastLeaderElection against
 * them.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';

/** Something that stepping ZooKeeper needs is not installed. The message is one line and says what to do. */
export class ConformanceError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** No jars, or none with FastLeaderElection in them, or not all that it needs. */
export class ZooKeeperNotFound extends ConformanceError {}

/** No `java`, or no `javac` although the program has to be compiled. */
export class JavaNotFound extends ConformanceError {}

/** A ZooKeeper whose FastLeaderElection lacks what the program uses: older than 3.8, or changed since. */
export class ClassNotSupported extends ConformanceError {}

/** javac failed, but not because of the ZooKeeper that it was given. */
export class CompilerFailed extends ConformanceError {}

/** Jars, and directories of classes, in the order of the classpath. */
export interface ZooKeeper {
  readonly classpath: readonly string[];
}

const DEBIAN = '/usr/share/java';
const INSTALL = 'apt-get install zookeeper default-jdk-headless (Debian, Ubuntu)';

/** All that FastLeaderElection loads as it is stepped: tried with jars that name no others. */
const NEEDED = ['zookeeper.jar', 'zookeeper-jute.jar', 'slf4j-api.jar'];

const CLASS = 'org/apache/zookeeper/server/quorum/FastLeaderElection.class';

/**
 * The log libraries of a release print tens of lines a step to standard output. Without them SLF4J drops all.
 */
const LOGS =
  /^(logback-(classic|core)|(slf4j|log4j)-(simple|reload4j|log4j12|jdk14|slf4j2?-impl)|reload4j)\b/;

/**
 * Finds the jars of ZooKeeper.
 *
 * @param where a directory of jars (a release, its `lib`, or `target` of a build), a jar or a classpath;
 *   null is what Debian installs
 * @throws ZooKeeperNotFound where there are none, or no FastLeaderElection in them
 */
export function findZooKeeper(where: string | null): ZooKeeper {
  const classpath =
    where === null ? ofDebian() : isDirectory(where) ? ofDirectory(where) : ofClasspath(where);
  if (!classpath.some(hasElection)) {
    const few = classpath.slice(0, 3).join(', ') + (classpath.length > 3 ? ', …' : '');
    throw new ZooKeeperNotFound(
      `No FastLeaderElection in ${few}. Name the directory where zookeeper-<version>.jar is.`,
    );
  }
  return { classpath };
}

function ofDebian(): string[] {
  const missing = NEEDED.filter((name) => !existsSync(join(DEBIAN, name)));
  if (missing.length > 0) {
    throw new ZooKeeperNotFound(
      `No ZooKeeper is installed: ${missing.join(', ')} not found in ${DEBIAN}. ` +
        `Install it, ${INSTALL}, or name a directory with its jars.`,
    );
  }
  return NEEDED.map((name) => join(DEBIAN, name));
}

function ofDirectory(directory: string): string[] {
  const jars = [directory, join(directory, 'lib')].filter(isDirectory).flatMap(jarsIn);
  if (jars.length === 0) {
    throw new ZooKeeperNotFound(
      `No jars in ${directory}. Name the lib of a release, or a build's target, or install one: ${INSTALL}.`,
    );
  }
  return jars;
}

function jarsIn(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.jar') && !LOGS.test(name));
  return names.sort().map((name) => join(directory, name));
}

function ofClasspath(where: string): string[] {
  const entries = where.split(delimiter).filter((entry) => entry !== '');
  const missing = entries.filter((entry) => !existsSync(entry));
  if (entries.length === 0 || missing.length > 0) {
    throw new ZooKeeperNotFound(
      `There is no ${missing[0] ?? 'jar in an empty classpath'}. Name a directory with ZooKeeper's jars.`,
    );
  }
  return entries.filter((entry) => !LOGS.test(basename(entry)));
}

/** The names of a jar's files stand in it uncompressed. */
const hasElection = (entry: string): boolean =>
  isDirectory(entry) ? existsSync(join(entry, CLASS)) : readFileSync(entry).includes(CLASS);

const isDirectory = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/**
 * The `java` of JAVA_HOME or of PATH, all links followed.
 *
 * @throws JavaNotFound
 */
export function findJava(): string {
  const java = command('java');
  if (java === null) throw new JavaNotFound(`There is no java on this machine. Install it: ${INSTALL}.`);
  return realpathSync(java);
}

function command(name: string): string | null {
  const { JAVA_HOME, PATH = '' } = process.env;
  const folders = [...(JAVA_HOME ? [join(JAVA_HOME, 'bin')] : []), ...PATH.split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The package that this file belongs to, as source or as built. */
const ROOT = dirname(createRequire(import.meta.url).resolve('fle-check/package.json'));
const HARNESS = join(ROOT, 'src', 'conformance', 'harness');

const sourcesIn = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.java'))
    .map((name) => join(directory, name));

/** Compiles the program that steps FastLeaderElection, as `compileJava` does. */
export const compileHarness = (zooKeeper: ZooKeeper): Promise<string> => compileJava(zooKeeper, HARNESS);

/**
 * Compiles the Java files of a directory, if they have not been compiled against these jars before. The
 * classes are kept in the user's cache; where that cannot be written, until this process ends.
 *
 * @returns the directory of the classes
 * @throws JavaNotFound, ClassNotSupported, CompilerFailed, and ZooKeeperNotFound if a jar is missing
 */
export async function compileJava(zooKeeper: ZooKeeper, directory: string): Promise<string> {
  const java = findJava();
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fle-check');
  const kept = join(cache, `harness-${digestOf(zooKeeper, java, directory)}`);
  if (existsSync(kept)) return kept;
  const javac = [join(dirname(java), 'javac'), command('javac')].find((path) => path && isProgram(path));
  if (!javac) {
    throw new JavaNotFound(`There is java, but no javac to compile with. Install it: ${INSTALL}.`);
  }
  const made = newDirectory(cache);
  const remove = () => rmSync(made.path, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await compile(javac, zooKeeper, directory, made.path);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off('exit', remove);
  }
  return made.isKept ? keep(made.path, kept) : made.path;
}

/**
 * A key of the jars, the sources and the java, since an older java does not load classes of a newer compiler.
 */
function digestOf({ classpath }: ZooKeeper, java: string, directory: string): string {
  const hash = createHash('sha256');
  for (const path of [...classpath, directory]) addTo(hash, path);
  return hash.update(java).digest('hex');
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  if (!isDirectory(path)) {
    hash.update(readFileSync(path));
    return;
  }
  for (const name of readdirSync(path).sort()) {
    hash.update(name);
    addTo(hash, join(path, name));
  }
}

function newDirectory(cache: string): { path: string; isKept: boolean } {
  try {
    mkdirSync(cache, { recursive: true });
    return { path: mkdtempSync(join(cache, 'new-')), isKept: true };
  } catch {
    const path = mkdtempSync(join(tmpdir(), 'fle-check-harness-'));
    process.once('exit', () => rmSync(path, { recursive: true, force: true }));
    return { path, isKept: false };
  }
}

/** If another process has compiled it at the same time, its classes are the same. */
function keep(made: string, kept: string): string {
  try {
    renameSync(made, kept);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(kept)) throw error;
  }
  return kept;
}

function compile(javac: string, { classpath }: ZooKeeper, directory: string, into: string): Promise<void> {
  const options = [
    '-nowarn',
    '-proc:none',
    '-implicit:none',
    '-encoding',
    'UTF-8',
    '-J-XX:TieredStopAtLevel=1',
  ];
  const args = [...options, '-d', into, '-cp', classpath.join(delimiter), ...sourcesIn(directory)];
  return new Promise((resolve, reject) => {
    execFile(javac, args, { env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(whyNotCompiled(`${stderr}${stdout}`, error.message));
    });
  });
}

/** The first error counts; below it javac says which symbol it did not find. */
function whyNotCompiled(output: string, otherwise: string): ConformanceError {
  const [, first] = output.split(/^(?=.*\berror: )/m);
  const error = /error: (.*)/.exec(first ?? '')?.[1];
  if (error === undefined) {
    const line = output.trim().split('\n')[0] || otherwise.split('\n')[0];
    return new CompilerFailed(`javac failed: ${line}`);
  }
  const symbol = /^\s*symbol:\s*(.*)$/m.exec(first)?.[1];
  const what = symbol === undefined ? error : `${error}: ${symbol}`;
  const lacking = /package \S+ does not exist|class file for \S+ not found/.exec(output)?.[0];
  if (lacking !== undefined) {
    return new ZooKeeperNotFound(`A jar is missing beside ZooKeeper's own: ${lacking}. Add it.`);
  }
  return new ClassNotSupported(
    `This ZooKeeper is not one that can be stepped (3.8, 3.9 and later are): ${what}.`,
  );
}
