import hookproof = require('hookproof')
import { turratechEvent } from 'hookproof/testing'

const event = hookproof.constructEvent(JSON.stringify(turratechEvent('payout.paid')), '', 'whsec_1')
event.id.length
