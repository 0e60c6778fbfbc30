import {stringify} from 'yaml'
import type {MachineName} from './hub-spec.js'
import {clusterChoices, defaultCluster} from './place/cluster-name.js'

export interface NewHub {
  readonly name: string
  /** Default: vm. */
  readonly mode?: 'vm' | 'k8s'
  readonly machine: MachineName
  readonly port: number
  readonly admin: string
  /** For a room full of people: open to them, with what stands on their cards. */
  readonly workshop?: boolean
}

/** A spec to begin with, for a person to read and change. */
export function renderNewHubSpec(hub: NewHub): string {
  return hub.workshop === true ? renderWorkshop(hub) : renderPlain(hub)
}

function renderPlain({name, mode = 'vm', machine, port, admin}: NewHub): string {
  return `# The settings file of your JupyterHub. Change it here or with jhub's commands.
# \`jhub plan\` shows what \`jhub up\` would do.
version: 1
name: ${name}
mode: ${mode}
${renderPlace(mode, machine)}
access: {port: ${String(port)}}   # for people in the room too: lan: true (jhub up --lan)

# Who can log in. Passwords are not stored here; \`jhub user password NAME\` gives a new one.
users:
  ${stringify(admin).trim()}: {admin: true}

# How much one server may use. A person's or a group's limits win over these.
limits:
  default: {memory: 1G, cpu: 2}

# Servers that nobody uses are stopped; files stay.
idle: {after: 1h}
`
}

/** The evening before, and the day: `docs/workshop.md` walks through both. */
function renderWorkshop({name, mode = 'vm', machine, port, admin}: NewHub): string {
  return `# The settings file of a workshop; docs/workshop.md tells the whole day. The evening before:
#   1. jhub up
#   2. jhub user import participants.csv --group class # CSV or XLSX, of Moodle, Canvas or Excel
#   3. jhub image add course --package pandas          # then: jhub image use course --group class
#   4. jhub files push                                 # the files for everybody: see "files"
#   5. jhub rehearse --people 30                       # is there room for the class?
#   6. jhub cards --group class                        # login and password for each, to print
#   7. jhub bundle create                              # without internet: jhub up --bundle FILE
# On the day:
#   jhub server start --group class · jhub open --qr · jhub top --html
# In the evening:
#   jhub files collect 'hw1*' --to hw1 --group class · jhub server stop --all
#   jhub files reset --group class --to archives · jhub down
version: 1
name: ${name}
mode: ${mode}
${renderPlace(mode, machine)}
access: {port: ${String(port)}, lan: true}   # open to everybody on the network of the room, by plain HTTP

# Directories that everybody sees in their home. Make the directory materials beside this file.
# Nobody can change it in a home, and \`jhub files push\` shows what is new in it. "shared" is one
# more directory, to which everybody can write.
# files: {materials: ./materials, shared: true}

# A repository that everybody gets in their home when their server starts; what they changed stays.
# "open" is what JupyterLab begins with. \`jhub open --content\` prints the link for a mail.
# content: {git: https://github.com/my-team/course, branch: main, open: lesson-1.ipynb}

# What is printed on the cards.
workshop:
  title: Our workshop
  # wifi: "Guest, password: welcome"

# Who can log in; \`jhub user import\` adds the class. Passwords are not stored here.
users:
  ${stringify(admin).trim()}: {admin: true}

groups:
  class: {}   # of its own: limits: {memory: 2G}, image: course

# The software of servers, beside JupyterLab. Here, or by \`jhub image add\` and \`jhub image use\`.
# images:
#   course: {packages: [pandas, matplotlib]}

# How much one server may use. \`jhub top\` shows what each uses.
limits:
  default: {memory: 1G, cpu: 1}
  # total: {memory: 24G}   # all servers together; leave some for this computer itself

# Nobody's server stops during a break.
idle: {after: 4h}
`
}

function renderPlace(mode: 'vm' | 'k8s', machine: MachineName): string {
  return mode === 'vm'
    ? `vm: {machine: ${machine}}`
    : `k8s: {cluster: ${defaultCluster}}   # ${clusterChoices} of your kubeconfig`
}
