import {expect, it} from 'vitest'
import type {Browser} from './browser.js'
import type {RealJhub} from './real-jhub.js'

/** A hub with the ordinary users ana and ben, and ways to look at its machine. */
export interface ProbeWorld {
  readonly jhub: () => RealJhub
  /** The port at which the proxy listens on the machine. */
  readonly port: number
  /** A browser in which this person is logged in. */
  readonly as: (name: string) => Promise<Browser>
  /** Runs a program on the machine as root, not through jhub. */
  readonly inside: (...argv: string[]) => Promise<string>
  readonly waitForHub: () => Promise<void>
  /** jhub reaches the hub by a way of its own, which another test looks at. */
  readonly isBehindSsh?: true
}

/** Runs Python in a kernel of this person's own server; gives what it printed. */
async function kernelOf(world: ProbeWorld, name: string, code: string): Promise<string> {
  const browser = await world.as(name)
  return browser.runCode(name, code)
}

/**
 * Has Python run beside a kernel, as the same person, for as long as something else is done, and gives what it printed. It says
 * that it has begun by the file `ready` in the person's home, and ends when there is a file `stop`.
 */
async function during(world: ProbeWorld, name: string, code: string, act: () => Promise<void>): Promise<string> {
  const start = `
import os, subprocess, sys
for left in ("stop", "ready", "said", "said.part"):
    if os.path.exists(left):
        os.unlink(left)
open("probe.py", "w").write(${JSON.stringify(code)})
shell = "$0 probe.py > said.part 2>&1; mv said.part said"
subprocess.Popen(["sh", "-c", shell, sys.executable], start_new_session=True)
print(os.getcwd())
`
  const home = await kernelOf(world, name, start)
  const waitForFile = async (file: string) => {
    const look = () => world.inside('sh', '-c', `test -e ${home}/${file} && echo yes || true`)
    for (let tries = 0; (await look()) !== 'yes'; tries++) {
      if (tries > 300) throw new Error(`no ${file}: ${await world.inside('sh', '-c', `cat ${home}/said*; true`)}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  await waitForFile('ready')
  try {
    await act()
  } finally {
    await world.inside('touch', `${home}/stop`)
    await waitForFile('said')
  }
  return (await world.inside('cat', `${home}/said`)).trim()
}

const attacker = `
import os, selectors, socket, time
page = b"HTTP/1.1 200 OK\\r\\nContent-Length: 8\\r\\nConnection: close\\r\\n\\r\\nATTACKER"
selector, taken = selectors.DefaultSelector(), {}
def take(port, addresses=("0.0.0.0", "127.0.0.1")):
    for address in addresses:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
            sock.listen(8)
            sock.setblocking(False)
        except OSError:
            sock.close()
            continue
        taken[port] = sock
        selector.register(sock, selectors.EVENT_READ)
        return
def serve():
    for key, _ in selector.select(0):
        try:
            connection = key.fileobj.accept()[0]
            connection.settimeout(0.2)
            connection.recv(65536)
            connection.sendall(page)
            connection.close()
        except OSError:
            pass
def until_stopped(ports, beside=None, seconds=55):
    deadline = time.monotonic() + seconds
    while not os.path.exists("stop") and time.monotonic() < deadline:
        for port in ports:
            if port not in taken:
                take(port)
        # Browsers try ::1 first where somebody types localhost.
        if beside is not None and beside not in taken:
            take(beside, ("::1",))
        serve()
`

/** What a person who runs code on the hub tries, and must not be able to do. */
export function portProbes(world: ProbeWorld): void {
  const {inside, as, port} = world
  const unit = (name: string) => `jhub-${world.jhub().name}.${name}`
  const innerPorts = async (): Promise<readonly number[]> => {
    const found = await inside(
      'sh',
      '-c',
      `cat /opt/jhub/state/${world.jhub().name}/ports.json /opt/jhub/${world.jhub().name}/ports.json 2>/dev/null; true`,
    )
    const {hub, proxyApi} = JSON.parse(found) as {hub: number; proxyApi?: number}
    return [hub, ...(proxyApi === undefined ? [] : [proxyApi])]
  }

  it('nobody takes a port of the hub while its programs are killed again and again', async () => {
    const ports = [port, ...(await innerPorts())]
    const code = `${attacker}
open("ready", "w").close()
until_stopped(${JSON.stringify(ports)}, ${String(port)})
print(sorted(taken))
`
    const won = await during(world, 'ana', code, async () => {
      for (let round = 0; round < 3; round++) {
        for (const service of ['proxy', 'hub']) {
          await inside('systemctl', 'kill', '--signal=KILL', unit(service))
          await new Promise((resolve) => setTimeout(resolve, 1_000))
        }
      }
    })
    await world.waitForHub()
    expect(won).toBe('[]')
  })

  it("a neighbour's browser is never given a page of somebody who takes every port that becomes free", async () => {
    const code = `${attacker}
for port in range(1024, 65536, 200):
    take(port, ("127.0.0.1",))
listening = [line.split() for table in ("tcp", "tcp6") for line in open(f"/proc/net/{table}")]
missing = [int(row[1].split(":")[1], 16) for row in listening if row[3] == "0A" and row[7] != str(os.getuid())]
open("ready", "w").close()
until_stopped(missing)
print(len(taken) > 100)
`
    const seen: string[] = []
    const held = await during(world, 'ana', code, async () => {
      const ben = await as('ben')
      await inside('systemctl', 'kill', '--signal=KILL', unit('ben.server'))
      for (let tries = 0; tries < 15; tries++) {
        seen.push((await ben.get('/user/ben/lab').catch(() => ({text: ''}))).text)
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      await world.jhub().json('server', 'start', 'ben')
      expect(await kernelOf(world, 'ben', '6 * 7')).toBe('42')
    })
    expect(held).toBe('True')
    expect(seen.filter((text) => text.includes('ATTACKER'))).toEqual([])
  })

  it('nobody reaches the hub, the API of the proxy, or the server of a neighbour but by the public address', async () => {
    await world.jhub().json('server', 'start', 'ana', 'ben')
    const name = world.jhub().name
    const code = `
import glob, http.client, os, socket
def outcome(act):
    try:
        return act()
    except Exception as error:
        return type(error).__name__
def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()[:60]
rows = [line.split() for table in ("tcp", "tcp6") for line in open(f"/proc/net/{table}")]
ports = sorted({int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A"} - {${String(port)}, 22})
found = [(port, path) for port in ports for path in ("/api/routes", "/user/ben/api") if outcome(lambda: ask(port, path)) in ((403, b""), ) or b'{"version"' in str(outcome(lambda: ask(port, path))).encode()]
print(found)
# One's own kernel takes a port for its output, and drops what does not carry its key.
print([row[1] for row in rows if row[3] == "0A" and int(row[7]) >= 200000 and int(row[7]) != os.getuid()])
places = ["/opt/jhub/state/${name}/run/", "/opt/jhub/${name}/run/"]
sockets = [place + socket for place in places for socket in ("hub.sock", "proxy.sock")]
sockets += [place + "ben.server.sock" for place in places] + [place + ".jhub-server.sock" for place in ("/opt/jhub/state/${name}/tmp/ben/", "/opt/jhub/${name}/tmp/ben/")]
reached = {outcome(lambda: socket.socket(socket.AF_UNIX).connect(each)) for each in sockets}
print(sorted(map(str, reached - {"PermissionError", "FileNotFoundError"})))
`
    const said = (await kernelOf(world, 'ana', code)).split('\n')
    expect(said).toEqual(['[]', '[]', '[]'])
  })

  it('nobody guesses passwords from a place that they make up', async () => {
    const code = `
import http.client, re, urllib.parse
def ask(port, method, headers, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, "/hub/login", body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer
def guess(port, number):
    made_up = f"198.51.100.{number}"
    headers = {"X-Forwarded-For": made_up, "X-Real-Ip": made_up, "Sec-Fetch-Mode": "navigate"}
    cookies = "; ".join(each.split(";")[0] for each in ask(port, "GET", headers).headers.get_all("Set-Cookie"))
    token = re.search("_xsrf=([^;]+)", cookies).group(1)
    form = urllib.parse.urlencode({"username": "nobody-of-that-name", "password": f"wrong-{number}", "_xsrf": token})
    headers |= {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    return ask(port, "POST", headers, form).status
print([[guess(port, number) for number in range(12)][-1] for port in ${JSON.stringify([port, ...(await innerPorts())])}])
`
    expect(await kernelOf(world, 'ana', code)).toBe('[429, 429]')
  })

  it("what a person puts in place of the own server's socket leads nowhere", async () => {
    const name = world.jhub().name
    const code = `
import os
place = "/var/tmp/.jhub-server.sock"
os.rename(place, place + ".mine")
os.symlink("/opt/jhub/${name}/run/proxy.sock" if os.path.isdir("/opt/jhub/${name}/run") else "/opt/jhub/state/${name}/run/proxy.sock", place)
print(os.path.islink(place))
`
    expect(await kernelOf(world, 'ana', code)).toBe('True')
    expect(await kernelOf(world, 'ana', '6 * 7')).toBe('42')
    await world.jhub().json('server', 'stop', 'ana')
    await world.jhub().json('server', 'start', 'ana')
  })

  const here = world.isBehindSsh === true ? it.skip : it
  here('the token goes to nobody who answers in place of a hub that was stopped', async () => {
    await world.jhub().json('stop', '--yes')
    const fake = `
import http.server, os
os.setuid(65534)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.headers.get("Authorization"):
            open("/tmp/jhub-probe-token", "a").write(self.headers["Authorization"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"version": "6.1.1"}')
    log_message = lambda *words: None
http.server.ThreadingHTTPServer(("0.0.0.0", ${String(port)}), Answer).serve_forever()
`
    const pid = await inside(
      'sh',
      '-c',
      'rm -f /tmp/jhub-probe-token; nohup python3 -c "$0" >/dev/null 2>&1 & echo $!',
      fake,
    )
    try {
      await world.waitForHub()
      await world.jhub().run('user', 'list')
      await world.jhub().run('server', 'list')
      expect(await inside('sh', '-c', 'cat /tmp/jhub-probe-token 2>/dev/null; true')).toBe('')
    } finally {
      await inside('sh', '-c', `kill ${pid}; rm -f /tmp/jhub-probe-token`)
    }
    await world.jhub().json('up')
    await world.jhub().json('server', 'start', 'ana', 'ben')
  })
}
