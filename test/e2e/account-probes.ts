import {expect, it} from 'vitest'
import type {Browser} from './browser.js'
import type {RealJhub} from './real-jhub.js'

export interface AccountWorld {
  readonly jhub: () => RealJhub
  readonly url: () => string
  /** Runs a program on the machine as root, not through jhub. */
  readonly inside: (...argv: string[]) => Promise<string>
  /** A browser in which this person is logged in. */
  readonly as: (name: string) => Promise<Browser>
  /** Filled with the passwords of whoever is added. */
  readonly passwords: Record<string, string>
}

/** What people's names, locks and an admin's hand must not do to a hub. For a hub with `adminSudo`, `ana` and `ben`. */
export function accountProbes({jhub, url, inside, as, passwords}: AccountWorld): void {
  const add = async (...names: string[]) => {
    const {users} = await jhub().json<{users: readonly {name: string; password: string}[]}>('user', 'add', ...names)
    for (const user of users) passwords[user.name] = user.password
    await jhub().json('server', 'start', ...names)
  }

  it('a person called admins is nobody special', async () => {
    await add('admins')
    const sudo = 'import subprocess; print(subprocess.run(["sudo", "-n", "id"], capture_output=True).returncode != 0)'
    expect(await (await as('admins')).runCode('admins', sudo)).toBe('True')
    expect((await jhub().json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
    await jhub().json('user', 'remove', 'admins', '--delete-data', '--confirm', 'admins')
  })

  it('whoever is removed with their files leaves no account, and comes back as often as they are added', async () => {
    const numbers: string[] = []
    for (let turn = 0; turn < 3; turn++) {
      await add('zoe')
      numbers.push(await inside('sh', '-c', 'getent passwd | grep -- -zoe: | cut -d: -f3'))
      await jhub().json('user', 'remove', 'zoe', '--delete-data', '--confirm', 'zoe')
      expect(await inside('sh', '-c', 'getent passwd | grep -c -- -zoe: || true')).toBe('0')
      expect(await inside('sh', '-c', 'getent group | grep -c -- -zoe: || true')).toBe('0')
    }
    expect(new Set(numbers).size).toBe(3)
  })

  it('a lock that a person takes holds up nobody', async () => {
    const code = `
import fcntl, os, subprocess
held = []
for place, directories, files in os.walk("/opt/jhub"):
    for name in [".", *[each for each in files if "lock" in each or each.startswith(".")]]:
        try:
            descriptor = os.open(os.path.join(place, name), os.O_RDONLY | os.O_NONBLOCK)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(descriptor)
        except OSError:
            pass
subprocess.Popen(["sleep", "120"], pass_fds=held, start_new_session=True)
print("held:", len(held))
`
    expect(await (await as('ana')).runCode('ana', code)).toMatch(/^held: /)
    await add('lou')
    expect(await (await as('lou')).runCode('lou', '2 * 21')).toBe('42')
    const cache =
      'import os; print([p for p, _, f in os.walk("/opt/jhub") if p.endswith("uv-cache") and os.access(p, os.R_OK | os.X_OK)])'
    expect(await (await as('ana')).runCode('ana', cache)).toBe('[]')
    await jhub().json('server', 'stop', 'ana')
    await jhub().json('server', 'start', 'ana')
    await jhub().json('user', 'remove', 'lou', '--delete-data', '--confirm', 'lou')
  })

  it.each([
    ['nonsense', '"nonsense"'],
    ['no room', '{"version": 1, "default": {"mem_limit": 1}, "groups": {}, "users": {}, "total": {"servers": 0}}'],
  ])('limits that an admin damages on the hub stop no server and switch nothing off: %s', async (_, policy) => {
    const secrets = await inside(
      'sh',
      '-c',
      'cat /opt/jhub/$0/secrets.json /opt/jhub/state/$0/secrets.json 2>/dev/null || true',
      jhub().name,
    )
    const {apiToken} = JSON.parse(secrets) as {apiToken: string}
    const answer = await fetch(`${url()}/hub/api/groups/jhub-policy/properties`, {
      method: 'PUT',
      headers: {authorization: `token ${apiToken}`, 'content-type': 'application/json'},
      body: `{"policy": ${policy}}`,
    })
    expect(answer.status).toBe(200)
    await jhub().json('server', 'stop', 'ben')
    await jhub().json('server', 'start', 'ben')
    const unit = `jhub-${jhub().name}.ben.server`
    expect(await inside('systemctl', 'show', unit, '--property=MemoryMax', '--value')).toBe(String(1024 ** 3))
    const {changes} = await jhub().json<{changes: readonly {step: string}[]}>('plan')
    expect(changes.map(({step}) => step)).toEqual(['Set limits'])
    await jhub().json('limits', 'set', '--user', 'ben', '--cpu', '2')
    await jhub().json('limits', 'unset', '--user', 'ben')
    expect((await jhub().json<{changes: readonly unknown[]}>('plan')).changes).toEqual([])
  })

  it('what a person writes into a log moves nothing on the terminal of whoever reads it', async () => {
    const file = '.jupyter/jupyter_server_config.py'
    const code = `
import os, pathlib
place = pathlib.Path.home() / "${file}"
place.parent.mkdir(exist_ok=True)
print(place.write_text(r"""import sys; sys.stderr.write("\\033]0;owned\\007\\033[2J\\x9b2J mark-of-ana\\n")""") > 0)
`
    expect(await (await as('ana')).runCode('ana', code)).toBe('True')
    await jhub().json('server', 'stop', 'ana')
    await jhub().json('server', 'start', 'ana')
    const {stdout} = await jhub().run('logs', '--user', 'ana', '--lines', '500')
    expect(stdout).toContain('mark-of-ana')
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  })
}
