/** Runs a program on the machine as root, not through jhub. */
export type Inside = (...argv: string[]) => Promise<string>

/** A property of a person's server, as systemd shows it. */
export async function showServer(inside: Inside, hub: string, account: string, property: string): Promise<string> {
  return inside('systemctl', 'show', `jhub-${hub}.${account}.server`, `--property=${property}`, '--value')
}

/** The account of a person whose server runs; it is not the name where that is all digits. */
export async function accountOfServer(inside: Inside, hub: string, name: string): Promise<string> {
  const [start, end] = [`jhub-${hub}.`, '.server.service']
  const listed = await inside('systemctl', 'list-units', '--plain', '--no-legend', `${start}*${name}*${end}`)
  return listed.slice(start.length, listed.indexOf(end))
}

export async function isForked(inside: Inside, hub: string, account: string): Promise<boolean> {
  return (await showServer(inside, hub, account, 'StatusText')) === 'forked'
}

/** What the kernel tells of a server, without what differs between any two. */
export async function serverFacts(inside: Inside, hub: string, account: string): Promise<object> {
  const pid = await showServer(inside, hub, account, 'MainPID')
  return JSON.parse(await inside('python3', '-c', lookAt, pid, account)) as object
}

/** Leaves out numbers of processes, names, sizes and whether it has work at the moment. */
const lookAt = `
import json, os, pwd, re, sys
pid, person = sys.argv[1:]
shared = {name: os.readlink(f"/proc/self/ns/{name}") for name in os.listdir("/proc/self/ns")}
status = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
uid = int(status["Uid"].split()[0])
os.setgroups([]); os.setgid(uid); os.setuid(uid)
def plain(text):
    text = re.sub(rf"\\b({uid}|{pid})\\b", lambda found: "UID" if found[0] == str(uid) else "PID", text)
    text = re.sub(rf"(?<![a-z]){person}(?![a-z])", "PERSON", text)
    text = re.sub(r"\\b(shared|master):\\d+", r"\\1", text)
    return re.sub(r"[0-9a-f]{32}|\\[\\d+\\]|9:\\d+", "N", text)
def read(name):
    return open(f"/proc/{pid}/{name}").read()
def link(name):
    return plain(os.readlink(f"/proc/{pid}/{name}"))
sizes = re.compile("Vm|Rss|FDSize|.*ctxt_switches|HugetlbPages|SigQ|State$")
fields = read("stat").rsplit(")", 1)[1].split()
print(json.dumps({
    "status": {name: plain(value.strip()) for name, value in status.items() if not sizes.match(name)},
    "namespaces": {name: "shared" if os.readlink(f"/proc/{pid}/ns/{name}") == own else "own" for name, own in shared.items()},
    "groups": plain(read("cgroup")),
    "limits": read("limits"),
    "environment": sorted(plain(word) for word in read("environ").split("\\0")),
    "command": read("cmdline").split("\\0"),
    "standard": [link(f"fd/{number}") for number in (0, 1, 2)],
    "open": sorted({link(f"fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")}),
    "places": [link(name) for name in ("cwd", "root", "exe")],
    "mounts": sorted(plain(" ".join(line.split()[3:])) for line in read("mountinfo").splitlines()),
    "parent, session, priority": [fields[1], fields[3] == pid, fields[2] == pid, *fields[15:17]],
    "oom": [read("oom_score_adj"), read("coredump_filter")],
}))`
