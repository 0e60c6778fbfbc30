import {mkdir, readFile, symlink} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {commandDeadlineMs, type RealJhub} from '../e2e/real-jhub.js'

/** Where programs of this computer are, without kind and helm; Docker's may be elsewhere. */
const plainPath = '/usr/sbin:/usr/bin:/sbin:/bin'

async function onlyDocker(place: string): Promise<string> {
  const {stdout} = await execa('sh', ['-c', 'command -v docker dockerd'])
  await mkdir(place, {recursive: true})
  for (const program of stdout.split('\n')) await symlink(program, path.join(place, path.basename(program)))
  return `${place}:${plainPath}`
}

/**
 * Runs commands of jhub, one after the other, on a computer that reaches no network: a namespace that has the loopback address
 * alone, with a Docker engine of its own in which there is no image. Gives what each printed as JSON. Throws with what
 * the one that failed printed, on both streams; then nothing of engine and containers is left either.
 */
export async function withoutRoute(jhub: RealJhub, ...commands: readonly string[][]): Promise<readonly unknown[]> {
  const place = path.join(jhub.directory, 'engine')
  const typed = [process.execPath, ...jhub.program].map(quoted).join(' ')
  const lines = commands.map(
    (words, index) =>
      `${typed} ${[...words, '--json'].map(quoted).join(' ')} > ${quoted(`${place}.${String(index)}.json`)}`,
  )
  const script = `
    ip link set lo up
    mkdir -p '${place}'
    dockerd --data-root '${place}/data' --exec-root '${place}/run' --pidfile '${place}/pid' --host "$DOCKER_HOST" > '${place}/log' 2>&1 &
    engine=$!
    end() { docker ps --all --quiet | xargs -r docker rm --force > '${place}/end' 2>&1 || true; kill $engine; wait $engine || true; }
    trap end EXIT
    tries=0
    until docker info > '${place}/info' 2>&1; do tries=$((tries + 1)); [ $tries -lt 600 ] || exit 9; sleep 0.2; done
    test -z "$(docker image ls --quiet)"
    if getent hosts pypi.org; then exit 8; fi
    ${lines.join('\n')}`
  const ran = await execa('unshare', ['--net', 'sh', '-euc', script], {
    cwd: jhub.directory,
    env: {
      ...jhub.environment,
      PATH: await onlyDocker(path.join(jhub.directory, 'bin')),
      DOCKER_HOST: `unix://${place}/socket`,
      HOME: jhub.directory,
      UV_CACHE_DIR: path.join(jhub.directory, 'empty-cache'),
    },
    reject: false,
    timeout: commandDeadlineMs,
  })
  if (ran.exitCode !== 0)
    throw new Error(`without a route: ${[await lastPrinted(place, commands), ran.stderr.slice(-2000)].join('\n')}`)
  return Promise.all(
    commands.map(async (_, index) => JSON.parse(await readFile(`${place}.${String(index)}.json`, 'utf8')) as unknown),
  )
}

/** What the last of the commands that printed anything is, and what it printed: with `--json` an error stands there alone. */
export async function lastPrinted(place: string, commands: readonly (readonly string[])[]): Promise<string> {
  const printed = await Promise.all(
    commands.map((_, index) => readFile(`${place}.${String(index)}.json`, 'utf8').catch(() => '')),
  )
  const last = printed.findLastIndex((text) => text !== '')
  return last < 0
    ? 'no command printed anything'
    : `jhub ${commands[last]?.join(' ') ?? ''}: ${printed[last]?.slice(-2000) ?? ''}`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
