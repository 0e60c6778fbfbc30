import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../fakes/systemd-worlds.js'
import {engineContract} from './engine-contract.js'
import {vmWorld} from './vm-world.js'

engineContract('the vm engine, servers as processes', vmWorld(fakeMachine), 18_901)
engineContract('the vm engine, systemd in a container', vmWorld(dockerWorld), 18_902)
engineContract('the vm engine, systemd on a host', vmWorld(hostWorld), 18_903)
